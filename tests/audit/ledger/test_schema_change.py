"""The log's own shape changes only when a superuser has opened it; both are entries, and what was sealed stays."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection
from psycopg import sql

from audit.events import Event
from audit.ledger import keys, sealing
from audit.ledger.checking import check
from audit.ledger.tiles import entry_at, index_of
from audit.models import AuditEntry
from fusus_portal.database import bootstrap
from fusus_portal.database.owner import drop_sessions, signed_in
from fusus_portal.demo.unsealing import open_for_migration
from tests.audit.ledger.conftest import ORIGIN, write_entries
from tests.database import template
from tests.database.clone import Clone
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

NO_PRIVILEGE = "42501"
CHANGE = "ALTER TABLE audit_entry ADD COLUMN more text NOT NULL DEFAULT ''"
CLOSE = "SELECT audit_guard.seal('audit_entry')"
OPEN = "SELECT audit_guard.unseal('audit_entry')"
SEALED = "SELECT relid::text, fingerprint = audit_guard.fingerprint(relid) FROM audit_guard.sealed ORDER BY 1"
BEFORE_THE_TREE = "0003_tally_of_people"
OLD_ENTRY = """
INSERT INTO audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, subject_kind,
                         subject_id, incident_id, camera_id, offence_type, premises_type, area, facts)
VALUES ('registry:camera:show', 'done', 'user', 'x', 'deputy', '', '', 'camera', 'c', %s, %s, '', '', '', '{}')
"""
INCIDENT, CAMERA = "4a54dd6e-8a2b-4a49-a9f4-64f9e43f4f5b", "00000000-0000-0000-0000-000000000007"


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
    assert list(check()) == []


def test_nobody_else_opens_one_with_entries(sealed_log: SealedLog) -> None:
    write_entries(1)
    for role in ("portal_app", "portal_migrator", "portal_sealer"):
        for statement in (OPEN, "SELECT audit_guard.unseal_empty('audit_entry')"):
            with sealed_log.clone.connect(role) as connected, pytest.raises(psycopg.Error) as refused:
                connected.execute(statement.encode())
            assert refused.value.sqlstate == NO_PRIVILEGE


@pytest.fixture
def old(portal_db: Clone) -> Iterator[str]:
    """Return the name of a database with entries from before the tree, sealed as it was then."""
    server, name = portal_db.server, f"{portal_db.name}_old"
    template.drop(portal_db.admin, name)
    bootstrap.create_database(portal_db.admin, name)
    with server.connect(database=name) as superuser:
        bootstrap.prepare_database(superuser)
    migrate(portal_db, name, BEFORE_THE_TREE)
    with server.connect("portal_app", name) as application:
        for incident, camera in (("", ""), (INCIDENT, CAMERA), (INCIDENT, CAMERA)):
            application.execute(OLD_ENTRY.encode(), [incident, camera])
    yield name
    template.drop(portal_db.admin, name)


def migrate(clone: Clone, name: str, *target: str) -> None:
    """Migrate the log of a database, signed in as the migrator."""
    with signed_in(template.role_settings(clone.server, "portal_app", name)):
        settings.MIGRATOR_DATABASE = template.role_settings(clone.server, "portal_migrator", name)
        try:
            call_command("migrate", "audit", *target, verbosity=0, interactive=False)
        finally:
            drop_sessions(connection)
            settings.MIGRATOR_DATABASE = None


def test_a_database_from_before_the_tree_is_brought_along(portal_db: Clone, old: str) -> None:
    with pytest.raises(ProgrammingError, match="audit_entry is sealed"):
        migrate(portal_db, old)
    with open_for_migration(portal_db.server, old):
        migrate(portal_db, old)
    with portal_db.server.connect(database=old) as superuser:
        state: dict[str, bool] = dict(superuser.execute(SEALED).fetchall())
        kept = "SELECT incident_id::text, camera_id::text, camera_number FROM audit_entry ORDER BY id LIMIT 3"
        entries = superuser.execute(kept).fetchall()
        notes = "SELECT event, count(*) FROM audit_entry WHERE event LIKE 'audit:%%' GROUP BY 1 ORDER BY 1"
        opened = superuser.execute(sql.SQL(notes.replace("%%", "%"))).fetchall()
    assert set(state.values()) == {True}
    assert {"audit_entry", "audit_tile", "audit_checkpoint"} <= state.keys()
    assert entries == [(None, None, 0), (INCIDENT, CAMERA, 1), (INCIDENT, CAMERA, 2)]
    assert opened == [("audit:table:seal", 6), ("audit:table:unseal", 1)]
    signer = keys.made(ORIGIN)
    with signed_in(template.role_settings(portal_db.server, "portal_sealer", old)):
        keys.must_be_in_use(signer)
        _edge, taken = sealing.seal(sealing.load(), signer)
    assert taken == 3 + 7


def test_what_is_up_to_date_is_not_opened(portal_db: Clone) -> None:
    write_entries(1)
    with open_for_migration(portal_db.server, portal_db.name):
        pass
    assert AuditEntry.objects.count() == 1
