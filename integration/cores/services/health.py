"""Health of COREs and their cameras: reports, problems, and messages to owners of COREs that are silent.

A thousand COREs call every 15 seconds. Only the owner is told of a camera's problem, once. No entry of the log shows
it: auditors belong to the agency too.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import task_actor
from fusus_portal.ground.database.writing import in_batches
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.cores import policies
from integration.cores.models import CameraProblem, Core, DeviceCamera
from integration.cores.services.credentials import device_actor
from integration.cores.states import CoreState
from integration.rules import OFFLINE_AFTER, SEEN_EVERY, WELL_FOR


def note_problems(*, core: Core, connected: Sequence[DeviceCamera], said: Mapping[str, Collection[str]]) -> None:
    """Save the cameras' problems of a report inside its transaction, and tell the owner which ones began.

    connected: the locked cameras behind the locked CORE. said: kinds of problems by channel. A problem that was gone
    for less than ten minutes continues as the same one.
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


WATCHER = "integration.watch_cores"
AT_ONCE = 200
HEARD: Final = """
UPDATE integration_core SET seen_at = %(now)s
WHERE id = %(core)s AND state = %(active)s AND told_offline_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Health:
    """A report of a CORE. clock_drift_ms: how far its clock is ahead. disk_free, disk_size: bytes.

    channels: the name of each camera that it can read, with the state of the picture. recorded_minutes: how far back
    its recordings reach; 0 if it records nothing, None if it does not say.
    """

    firmware: str
    clock_drift_ms: int
    disk_free: int
    disk_size: int
    channels: Mapping[str, str]
    recorded_minutes: int | None = None


def heard_of(*, core: Core) -> None:
    """Note that a CORE called; if it counted as offline, write the entry and tell its owner. Raises Stale."""
    now = timezone.now()
    if core.told_offline_at is None:
        if core.seen_at is not None and now - core.seen_at < SEEN_EVERY:
            return
        with connection.cursor() as cursor:
            cursor.execute(HEARD, {"core": core.pk, "now": now, "active": CoreState.ACTIVE.value})
            if cursor.rowcount == 1:
                return
    with transaction.atomic():
        locked = _active(core)
        locked.seen_at = now
        _come_back(locked)
        locked.save(update_fields=["seen_at", "told_offline_at"])


def report(*, core: Core, health: Health, problems: Mapping[str, Collection[str]] | None = None) -> Core:
    """Save a report with the cameras' problems by channel. Raises Stale unless the CORE is active."""
    with transaction.atomic():
        locked = _active(core)
        locked.seen_at = timezone.now()
        for column, said in asdict(health).items():
            setattr(locked, column, said)
        _come_back(locked)
        locked.save()
        rows = DeviceCamera.objects.select_for_update(no_key=True)
        connected = list(rows.filter(core=locked, removed_at__isnull=True))
        for behind in connected:
            behind.picture, behind.picture_at = locked.channels.get(behind.channel, "lost"), locked.seen_at
            behind.save(update_fields=["picture", "picture_at"])
        note_problems(core=locked, connected=connected, said=problems or {})
    return locked


@in_batches
def watch() -> int:
    """Tell each owner of an active CORE that has been silent for 15 minutes, once; return the number of COREs."""
    now = timezone.now()
    rows = Core.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related(
        "registrant__user"
    )
    silent = rows.filter(state=CoreState.ACTIVE, told_offline_at__isnull=True, seen_at__lte=now - OFFLINE_AFTER)
    found = list(silent.order_by("seen_at", "pk")[:AT_ONCE])
    for core in found:
        core.told_offline_at = now
        core.save(update_fields=["told_offline_at"])
        record(event=Event.CORE_OFFLINE, actor=task_actor(WATCHER), subject=core.subject)
        _tell(core, MessageKind.CORE_OFFLINE)
    return len(found)


def _come_back(core: Core) -> None:
    if core.told_offline_at is None:
        return
    core.told_offline_at = None
    record(event=Event.CORE_ONLINE, actor=device_actor(core), subject=core.subject)
    _tell(core, MessageKind.CORE_ONLINE)


def _tell(core: Core, kind: MessageKind) -> None:
    notifications.send(kind=kind, to=core.registrant, about=core.subject, context={"core": str(core.pk)})


def _active(core: Core) -> Core:
    # The registration is not changed, so it is not locked: a report holds up nobody.
    rows = Core.objects.select_for_update(of=("self",), no_key=True).select_related("registrant__user", "model")
    locked = rows.get(pk=core.pk)
    policies.must_be_active(locked)
    return locked
