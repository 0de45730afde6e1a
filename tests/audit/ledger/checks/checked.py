"""A log that was checked once, and then tampered with by somebody who leaves its guard as it was."""

from audit.ledger import tasks
from tests.audit.ledger.conftest import write_entries
from tests.audit.ledger.tampering import change
from tests.database.clone import Clone
from tests.sealed_log import SealedLog

ENABLE = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tgrelid::regclass AS name, tgname FROM pg_trigger
               WHERE tgrelid::regclass::text LIKE 'audit\\_%' AND tgenabled = 'D' AND NOT tgisinternal LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', found.name, found.tgname);
  END LOOP;
END $$"""


def tampered(clone: Clone, *statements: str) -> None:
    """Change the ledger as a superuser does who leaves its guard as it was."""
    change(clone, *statements)
    guarded_again(clone)


def guarded_again(clone: Clone) -> None:
    """Switch the guard on again."""
    with clone.connect() as superuser:
        superuser.execute("SET event_triggers = off")
        superuser.execute(ENABLE)


def area_of(entry: int) -> str:
    """Return the statement that changes a row."""
    return f"UPDATE audit_entry SET area = '99999' WHERE id = {entry}"


def a_checked_log(log: SealedLog, count: int = 600) -> list[int]:
    """Write, seal and check so many entries; return their ids."""
    ids = [entry.pk for entry in write_entries(count)]
    log.seal_and_publish()
    assert tasks.check_ledger() == 0
    return ids
