"""Databases as they were, and clocks that go wrong, for a sealer that takes no time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag

from tests.database import template
from tests.database.clone import Clone


class Backup:
    """A copy of the test's database, as it stood when it was made."""

    def __init__(self, clone: Clone) -> None:
        self.clone, self.name = clone, f"{clone.name}_earlier"
        clone.disconnect()
        template.drop(clone.admin, self.name)
        template.clone(clone.admin, self.name, clone.name)

    def restore(self) -> None:
        """Put the backup in the place of the database."""
        self.clone.disconnect()
        template.drop(self.clone.admin, self.clone.name)
        template.clone(self.clone.admin, self.clone.name, self.name)


@contextmanager
def backup(clone: Clone) -> Iterator[Backup]:
    """Make a backup that is gone after the block."""
    made = Backup(clone)
    try:
        yield made
    finally:
        template.drop(clone.admin, made.name)


def move_back(clone: Clone, hours: int) -> None:
    """Date all that was sealed and published so many hours earlier; as if the clock had gone on meanwhile.

    With negative hours it was dated in what is now the future: the clock was set back since.
    """
    with clone.connect() as superuser:
        superuser.execute("SET event_triggers = off")
        for table in ("audit_checkpoint", "audit_publication"):
            superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_refuse".encode())
            superuser.execute(f"UPDATE {table} SET at = at - interval '{hours} hours'".encode())
            superuser.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuse".encode())


class Rounds(Flag):
    """A flag that stops a sealer after so many rests, none of them taking any time."""

    def __init__(self, rests: int) -> None:
        super().__init__()
        self.rests = rests

    def wait(self, timeout: float | None = None) -> bool:
        """Count a rest."""
        self.rests -= 1
        if self.rests <= 0:
            self.set()
        return self.is_set()
