"""The round that tells people of work that waits for them."""

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.worklist import services


def told_now() -> set[str]:
    """Run the round, and return everybody to whom it ever wrote."""
    services.tell()
    return set(Message.objects.filter(kind=MessageKind.WORK_WAITS).values_list("to", flat=True))
