"""What a business is told of its return. In the caller's transaction, so that no mail tells of what did not happen."""

from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from shop.models import Return

UNDONE = "undone"
"""What was told last was a mistake."""


def tell(back: Return, *, news: str = "") -> None:
    """Say how far a locked return is, or other news of it. Whoever has left is told by the office itself."""
    if back.registrant is None:
        return
    notifications.enqueue(
        kind=MessageKind.RETURN_PROGRESS,
        to=back.registrant.user.email,
        language=back.registrant.language,
        subject=back.subject,
        context={"return": str(back.pk), "state": news or back.state},
    )
