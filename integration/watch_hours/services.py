from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from audit.ledger import alarms
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.numbers import CAMERA, number_of
from integration.rules import WATCHED_EVERY, WATCHED_LONG_WITHIN
from integration.watch_hours import selectors
from integration.watch_hours.models import FlagAbout, WatchFlag
from integration.watch_hours.policies import findings, flag_sentence

FLAGGER = "integration.flag_watching"
CHECKER = "integration.check_watch_hours"
TOLD = (Role.SUPERVISOR, Role.AUDITOR)
CHECKED_DAYS = 400
"""Days for which the sums are compared with the log: a year with its report, and some more."""

MOST_NAMED = 5
ADD = """
INSERT INTO integration_watchedday (day, camera, premises_kind, zip_code, deputy, seconds)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (day, camera, premises_kind, zip_code, deputy)
DO UPDATE SET seconds = integration_watchedday.seconds + EXCLUDED.seconds
"""


def note_minute(entry: AuditEntry) -> None:
    """Add the minute of a VIEW_WATCHED entry to its day, in the entry's transaction and with the entry's values."""
    if not connection.in_atomic_block:
        raise RuntimeError("a minute is added inside the transaction of its entry")
    day = timezone.localdate(entry.at)
    row = (day, entry.camera_id, entry.premises_type, entry.area, entry.actor_pseudonym)
    with connection.cursor() as cursor:
        cursor.execute(ADD, [*row, int(WATCHED_EVERY.total_seconds())])


def flag() -> int:
    """Flag what was watched too long in the last seven days; return new flags. Each has its entry, alarm and mails."""
    today = timezone.localdate()
    first = today - WATCHED_LONG_WITHIN + timedelta(days=1)
    found = findings(selectors.watched(first, today), selectors.connected())
    week = today - timedelta(days=today.weekday())
    return sum(_flag(finding, week) for finding in found)


@transaction.atomic
def _flag(finding: WatchFlag, week: date) -> bool:
    flagged, is_new = WatchFlag.objects.get_or_create(
        about=finding.about,
        key=finding.key,
        week=week,
        defaults={"seconds": finding.seconds, "usual_seconds": finding.usual_seconds, "cameras": finding.cameras},
    )
    if not is_new:
        return False
    facts: dict[str, int | str] = {
        "about": str(finding.about),
        "key": finding.key,
        "week": week.isoformat(),
        "seconds": finding.seconds,
        "usual_seconds": finding.usual_seconds,
    }
    record(event=Event.WATCH_FLAGGED, actor=task_actor(FLAGGER), subject=flagged.subject, facts=facts)
    kind = alarms.AlarmKind.WATCHED_LONG if finding.about == FlagAbout.CAMERA else alarms.AlarmKind.WATCHED_UNEVENLY
    alarms.raise_alarm(kind=kind, what=flag_sentence(flagged), recorded_at=timezone.now())
    people = User.objects.filter(role__in=TOLD, is_active=True).order_by("pk")
    letters = [
        Letter(person, flagged.subject, {"flag": str(flagged.pk), "is_auditor": int(person.role == Role.AUDITOR)})
        for person in people
    ]
    notifications.send_many(kind=MessageKind.WATCH_FLAGGED, letters=letters)
    return True


def check() -> int:
    """Compare the sums with the log; return how many differ. An alarm names them, and is cleared once none differs."""
    found = selectors.differing(timezone.localdate() - timedelta(days=CHECKED_DAYS))
    if not found:
        alarms.clear(kind=alarms.AlarmKind.WATCH_FIGURES, by=CHECKER)
        return 0
    named = "; ".join(
        f"camera {number_of(CAMERA, camera)}, {deputy}, {day}: {kept} s kept, {logged} s logged"
        for day, camera, deputy, kept, logged in found[:MOST_NAMED]
    )
    what = f"{len(found)} sums of watched minutes differ from the log: {named}."
    alarms.raise_alarm(kind=alarms.AlarmKind.WATCH_FIGURES, what=what)
    return len(found)
