"""Problems of the cameras behind a CORE, as it reports them. Its owner is told once, and nobody at the agency.

So no problem is an entry of the log: auditors belong to the agency too.
"""

from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.cores.models import CameraProblem, Core, DeviceCamera
from integration.rules import WELL_FOR


def note(*, core: Core, connected: Sequence[DeviceCamera], said: Mapping[str, Collection[str]]) -> None:
    """Save the problems of a report inside its transaction, and tell the owner which ones began.

    connected: the locked cameras behind a locked CORE. said: problems by the name of the channel. A problem that was
    gone for less than ten minutes continues as the same one.
    """
    now = timezone.now()
    rows = CameraProblem.objects.filter(behind__in=connected)
    rows.filter(ended_at__lte=now - WELL_FOR).delete()
    known = {(each.behind_id, each.kind): each for each in rows}
    wrong = {(behind.pk, kind) for behind in connected for kind in said.get(behind.channel, ())}
    for key, problem in known.items():
        if (key in wrong) is (problem.ended_at is not None):
            problem.ended_at = None if key in wrong else now
            problem.save(update_fields=["ended_at"])
    begun = sorted(wrong - known.keys())
    CameraProblem.objects.bulk_create([CameraProblem(behind_id=pk, kind=kind, began_at=now) for pk, kind in begun])
    if begun:
        found = " ".join(f"{pk}:{kind}" for pk, kind in begun)
        context = {"core": str(core.pk), "problems": found}
        # The entry of the sent mail names the business, and no CORE.
        about = core.registrant.subject if core.registrant else core.subject
        notifications.send(kind=MessageKind.CORE_NOTICE, to=core.registrant, about=about, context=context)


def forget(*, cameras: Sequence[DeviceCamera]) -> None:
    """Delete the problems of cameras that are disconnected, inside the caller's transaction."""
    CameraProblem.objects.filter(behind__in=cameras).delete()
