"""The sealer's process: rounds one after the other, despite any fault. `manage.py ledger seal` runs it."""

import errno
import logging
from datetime import datetime, timedelta
from threading import Event as Flag

from django.conf import settings
from django.db import connection
from psycopg.errors import DiskFull

from audit.ledger import alarms, keys, publication, witnesses
from audit.ledger.alarms import AlarmKind
from audit.ledger.heads import RolledBack
from audit.ledger.notes import Signer
from audit.ledger.sealer import rounds
from audit.ledger.sealer.rounds import TreeBroken
from audit.ledger.tree.fillers import Schedule, come_alone
from fusus_portal.ground.database.owner import drop_sessions
from fusus_portal.ground.heartbeats import Part, show

logger = logging.getLogger(__name__)

ONE_SEALER = 7_310_455
"""Key of the advisory lock that the working sealer holds. A second sealer waits, and takes over after it."""

PATIENCE = 5.0
"""Seconds until a sealer tries again after a fault: the database is away, the disk is full, the tree is broken."""

JITTER = timedelta(seconds=1)
"""NTP sets clocks back by up to this in daily life."""

BY = "ledger.seal"
NO_ROOM = "There is no room for the ledger: sealing waits."
CLOCK_BACK = "The database's clock is before the newest checkpoint."


def run(signer: Signer, stop: Flag) -> None:
    """Seal until `stop` is set. Raises WrongKey; any other fault is an alarm, and is tried again."""
    fillers = Schedule()
    while not stop.is_set():
        try:
            _work(signer, stop, fillers)
        except keys.WrongKey:
            raise
        except (TreeBroken, RolledBack) as broken:
            _tell(AlarmKind.ROLLED_BACK if isinstance(broken, RolledBack) else AlarmKind.TREE_BROKEN, str(broken))
        except Exception as fault:
            logger.exception("a round of the sealer failed")
            _tell(*_alarm_of(fault))
        else:
            return
        stop.wait(PATIENCE)


def _work(signer: Signer, stop: Flag, fillers: Schedule) -> None:
    if not _only_one(stop):
        return
    keys.must_be_in_use(signer)
    edge, done = rounds.load(), None
    witnesses.must_continue(signer, last=publication.published())
    while not stop.is_set():
        now = _now()
        fillers.come()
        sealed = edge
        edge, taken = rounds.seal(edge, signer, fillers=fillers.waiting, fillers_alone=come_alone(now))
        if edge is not sealed:
            fillers.waiting.clear()
        show(Part.SEALER)
        if (hour := publication.hour_of(now)) != done:
            _publish(hour)
            done = hour
            _clear_faults()
        if taken < rounds.AT_ONCE:
            stop.wait(settings.LEDGER_SEAL_SECONDS)


def _now() -> datetime:
    """Return the time by the database's clock, which dates checkpoints. Raise an alarm if it went back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), (SELECT at FROM audit_checkpoint ORDER BY size DESC LIMIT 1)")
        found: tuple[datetime, datetime | None] = cursor.fetchone()
    now, newest = found
    if newest is not None and newest - now > JITTER:
        alarms.raise_alarm(kind=AlarmKind.CLOCK, what=CLOCK_BACK)
    return now


def _publish(hour: datetime) -> None:
    """Publish the due checkpoint. A refusing witness keeps it from the public; sealing continues."""
    try:
        publication.publish(hour=hour)
    except witnesses.Forked as forked:
        logger.error("%s", forked)
        alarms.raise_alarm(kind=AlarmKind.WITNESS_REFUSED, what=str(forked))


def _clear_faults() -> None:
    alarms.clear(kind=AlarmKind.SEALING_FAILED, by=BY)
    alarms.clear(kind=AlarmKind.DISK, what=NO_ROOM, by=BY)


def _alarm_of(fault: Exception) -> tuple[AlarmKind, str]:
    full = isinstance(fault.__cause__, DiskFull) or (isinstance(fault, OSError) and fault.errno == errno.ENOSPC)
    return (
        (AlarmKind.DISK, NO_ROOM) if full else (AlarmKind.SEALING_FAILED, f"Sealing stopped: {type(fault).__name__}.")
    )


def _only_one(stop: Flag) -> bool:
    while not stop.is_set():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_SEALER])
            if cursor.fetchone() == (True,):
                return True
        stop.wait(settings.LEDGER_SEAL_SECONDS)
    return False


def _tell(kind: AlarmKind, what: str) -> None:
    """Raise an alarm. If even that fails, log it, and rely on the health page."""
    logger.error("%s", what)
    try:
        drop_sessions(connection)
        alarms.raise_alarm(kind=kind, what=what)
    except Exception:
        logger.exception("the alarm could not be written")
