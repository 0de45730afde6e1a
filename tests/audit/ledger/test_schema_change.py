"""The log's own shape changes only when a superuser has opened it; both are entries, and what was sealed stays."""

from collections import Counter

import psycopg
import pytest

from audit.ledger.checks.runs import check_at_once
from audit.ledger.tree.tiles import entry_at, index_of
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.demo.servers.postgres import MIGRATIONS, open_for_migration
from tests.audit.ledger.conftest import write_entries
from tests.database.clone import Clone
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

NO_PRIVILEGE = "42501"
CHANGE = "ALTER TABLE audit_entry ADD COLUMN more text NOT NULL DEFAULT ''"
CLOSE = "SELECT audit_guard.seal('audit_entry')"
OPEN = "SELECT audit_guard.unseal('audit_entry')"
SEALED = "SELECT relid::text, fingerprint = audit_guard.fingerprint(relid) FROM audit_guard.sealed ORDER BY 1"
NEWEST_WAITS = "DELETE FROM django_migrations WHERE app = 'audit' AND name = %s"


def change(clone: Clone) -> None:
    """Alter the log and seal it, as a migration does."""
    with clone.connect("portal_migrator") as owner, owner.transaction():
        owner.execute(CHANGE)
        owner.execute(CLOSE)


def test_a_superuser_opens_it_a_migration_changes_and_closes_it(sealed_log: SealedLog) -> None:
    clone = sealed_log.clone
    (first,) = write_entries(1)
    sealed_log.seal()
    before = entry_at(0)
    with pytest.raises(psycopg.Error) as refused:
        change(clone)
    assert refused.value.sqlstate == NO_PRIVILEGE
    with clone.connect() as superuser:
        superuser.execute(OPEN)
    change(clone)
    events = list(AuditEntry.objects.order_by("pk").values_list("event", "subject_id", "actor_id"))
    assert events[1:] == [
        (Event.TABLE_UNSEALED, "public.audit_entry", "database:postgres"),
        (Event.TABLE_SEALED, "public.audit_entry", "database:portal_migrator"),
    ]
    with pytest.raises(psycopg.Error):
        change(clone)
    sealed_log.seal()
    assert (index_of(first.pk), entry_at(0)) == (0, before)
    assert list(check_at_once()) == []


def test_nobody_else_opens_one_with_entries(sealed_log: SealedLog) -> None:
    write_entries(1)
    for role in ("portal_app", "portal_migrator", "portal_sealer"):
        for statement in (OPEN, "SELECT audit_guard.unseal_empty('audit_entry')"):
            with sealed_log.clone.connect(role) as connected, pytest.raises(psycopg.Error) as refused:
                connected.execute(statement.encode())
            assert refused.value.sqlstate == NO_PRIVILEGE


def test_the_owner_opens_one_that_is_empty(portal_db: Clone) -> None:
    with portal_db.connect("portal_migrator") as owner, owner.transaction():
        owner.execute("SELECT audit_guard.unseal_empty('audit_entry')")
        owner.execute(CHANGE)
        owner.execute(CLOSE)
    with portal_db.connect() as superuser:
        assert set(dict(superuser.execute(SEALED).fetchall()).values()) == {True}
    assert not AuditEntry.objects.exists()


def test_the_demo_opens_it_for_a_migration_that_waits(sealed_log: SealedLog) -> None:
    clone = sealed_log.clone
    write_entries(1)
    sealed_log.seal()
    with clone.connect() as superuser:
        before: dict[str, bool] = dict(superuser.execute(SEALED).fetchall())
        superuser.execute(NEWEST_WAITS, [max(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))])
    with open_for_migration(clone.server, clone.name):
        change(clone)
    with clone.connect() as superuser:
        assert dict(superuser.execute(SEALED).fetchall()) == before
    assert set(before.values()) == {True}
    assert {"audit_entry", "audit_tile", "audit_checkpoint"} <= before.keys()
    events = Counter(AuditEntry.objects.values_list("event", flat=True))
    assert (events[Event.TABLE_UNSEALED], events[Event.TABLE_SEALED]) == (6, 6)
    sealed_log.seal()
    assert list(check_at_once()) == []


def test_what_is_up_to_date_is_not_opened(portal_db: Clone) -> None:
    write_entries(1)
    with open_for_migration(portal_db.server, portal_db.name):
        pass
    assert AuditEntry.objects.count() == 1
