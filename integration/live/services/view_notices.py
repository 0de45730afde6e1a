"""Messages after a view: the owner learns who saw the camera, when, how long and for which incident (promise B1).

If a supervisor delays what the owner can read about the incident, the message waits for the end of the delay: until
then the owner's page says that there are entries, and when they open. No setting of an owner stops it.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from integration.live.models import ViewGrant
from integration.live.states import GrantState
from registry.access_log.selectors import delays_running

TELLER = "integration.tell_views"
AT_ONCE = 200


def notify_owners() -> int:
    """Write to the owners of cameras whose view has ended; return the number. Tells each view once, crash or not."""
    return sum(iter(_tell_batch, 0))


def _waiting() -> QuerySet[ViewGrant]:
    now = timezone.now()
    delayed = delays_running(now).filter(
        incident=OuterRef("incident"), registrant=OuterRef("camera__camera__premises__registrant")
    )
    ended = ViewGrant.objects.filter(state=GrantState.ENDED, told_at__isnull=True, camera__isnull=False)
    return ended.filter(~Exists(delayed)).order_by("ended_at", "pk")


@transaction.atomic
def _tell_batch() -> int:
    rows = _waiting().select_for_update(of=("self",), no_key=True, skip_locked=True)
    grants = list(rows.select_related("camera__camera__premises__registrant__user")[:AT_ONCE])
    # In the transaction of the messages: each owner is told once.
    ViewGrant.objects.filter(pk__in=[grant.pk for grant in grants]).update(told_at=timezone.now())
    notifications.send_many(kind=MessageKind.LIVE_VIEWED, letters=[_letter(grant) for grant in grants])
    return len(grants)


def _letter(grant: ViewGrant) -> Letter:
    if grant.camera is None:
        raise ValueError("nobody is left to be told of this view")
    camera = grant.camera.camera
    return Letter(camera.premises.registrant, grant.subject, {"view": str(grant.pk), "camera": camera.name})
