"""What a business is told of its warranty claim, in the transaction of the act."""

from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from shop.models import Claim


def tell(claim: Claim) -> None:
    """Say how far a locked claim is."""
    if claim.registrant is None:
        return
    notifications.enqueue(
        kind=MessageKind.CLAIM_PROGRESS,
        to=claim.registrant.user.email,
        language=claim.registrant.language,
        subject=claim.subject,
        context={"claim": str(claim.pk), "state": claim.state},
    )
