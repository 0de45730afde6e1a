"""The sealer's process: rounds one after the other, whatever happens in between. `manage.py ledger seal` runs it."""

import logging
from datetime import UTC, datetime
from threading import Event as Flag

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from audit.ledger import alarms, keys, publishing, sealing
from audit.ledger.alarms import Kind
from audit.ledger.heads import RolledBack
from audit.ledger.notes import Signer
from audit.ledger.sealing import TreeBroken
from fusus_portal.database.owner import drop_sessions

logger = logging.getLogger(__name__)

ONE_SEALER = 7_310_455
"""Key of the advisory lock that the one sealer at work holds. A second one waits, and takes over when it is gone."""

PATIENCE = 5.0
"""Seconds until a sealer tries again after a fault: the database is away, the disk is full, the tree is broken."""


def run(signer: Signer, stop: Flag) -> None:
    """Seal until told to stop. Raises WrongKey at the start; any other fault is told, and tried again."""
    keys.must_be_in_use(signer)
    while not stop.is_set():
        try:
            _work(signer, stop)
        except (TreeBroken, RolledBack) as broken:
            _tell(Kind.ROLLED_BACK if isinstance(broken, RolledBack) else Kind.TREE_BROKEN, str(broken))
        except (DatabaseError, InterfaceError, OSError) as fault:
            _tell(Kind.SEALING_FAILED, f"Sealing stopped: {type(fault).__name__}.")
        else:
            return
        finally:
            drop_sessions(connection)
        stop.wait(PATIENCE)


def _work(signer: Signer, stop: Flag) -> None:
    """Hold the lock, load the edge, and go round after round. A fault ends it: the next one loads the edge anew."""
    if not _only_one(stop):
        return
    edge, published = sealing.load(), None
    while not stop.is_set():
        edge, taken = sealing.seal(edge, signer)
        if (hour := publishing.hour_of(datetime.now(UTC))) != published:
            publishing.publish(hour=hour)
            published = hour
        if taken < sealing.AT_ONCE:
            stop.wait(settings.LEDGER_SEAL_SECONDS)


def _only_one(stop: Flag) -> bool:
    """Wait for the lock; return whether it was had before the stop."""
    while not stop.is_set():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_SEALER])
            if cursor.fetchone() == (True,):
                return True
        stop.wait(settings.LEDGER_SEAL_SECONDS)
    return False


def _tell(kind: Kind, what: str) -> None:
    """Raise an alarm; where even that can't be written, say it in the process's log, and leave the rest to health."""
    logger.error("%s", what)
    try:
        drop_sessions(connection)
        alarms.raise_alarm(kind=kind, what=what)
    except (DatabaseError, InterfaceError):
        logger.exception("the alarm could not be written")
