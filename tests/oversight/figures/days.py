"""A log whose days are finished: what was written is dated back before it is sealed, as if the clock had gone on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import psycopg
from django.conf import settings
from django.utils import timezone

from fusus_portal.oversight.figures.selectors import beginning_of_day, day_of
from tests.sealed_log import SealedLog

REFUSING = {
    "audit_entry": "audit_refuse",
    "audit_checkpoint": "audit_checkpoint_refuse",
    "audit_publication": "audit_publication_refuse",
}


class Days:
    """Days of a sealed log. today: of the real clock."""

    def __init__(self, sealed_log: SealedLog) -> None:
        self.log = sealed_log
        self.today = day_of(timezone.now())
        with self._superuser() as superuser:
            (self.dated,) = superuser.execute("SELECT coalesce(max(id), 0) FROM audit_entry").fetchone() or (0,)

    def ago(self, days: int) -> date:
        """Return the day so many days before today."""
        return self.today - timedelta(days=days)

    def write(self, day: date) -> None:
        """Date what was written since the last time to noon of a day, and seal it."""
        at = datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
        with self._superuser() as superuser:
            superuser.execute("UPDATE audit_entry SET at = %s WHERE id > %s", [at, self.dated])
            (self.dated,) = superuser.execute("SELECT coalesce(max(id), 0) FROM audit_entry").fetchone() or (0,)
        self.log.seal(fillers=3)

    def publish(self, day: date) -> None:
        """Publish what is sealed, dated to the first full hour after a day's end and a few seconds."""
        assert self.log.publish() is not None
        at = beginning_of_day(day + timedelta(days=1)) + timedelta(seconds=settings.LEDGER_PUBLISH_SECONDS + 5)
        with self._superuser() as superuser:
            newest = "(SELECT max(size) FROM audit_publication)"
            superuser.execute(f"UPDATE audit_publication SET at = %s WHERE size = {newest}".encode(), [at])
            superuser.execute(
                f"UPDATE audit_checkpoint SET at = %s WHERE size <= {newest} AND at > %s".encode(), [at, at]
            )

    def end(self, day: date) -> None:
        """Let a day with all that was written end."""
        self.write(day)
        self.publish(day)

    @contextmanager
    def _superuser(self) -> Iterator[psycopg.Connection]:
        with self.log.clone.connect() as superuser:
            superuser.execute("SET event_triggers = off")
            for table, trigger in REFUSING.items():
                superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}".encode())
            yield superuser
            for table, trigger in REFUSING.items():
                superuser.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}".encode())
