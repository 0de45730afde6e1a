"""The system checks see each way in which the guard may be missing."""

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from fusus_portal.demo.servers.postgres import SUPERUSER
from tests.database.clone import Clone
from tests.database.template import role_settings


def problems() -> set[str]:
    found = run_checks(tags=[Tags.database], databases=["default"])
    return {str(message.id) for message in found if str(message.id).startswith("audit.")}


def test_a_guarded_log_has_no_problem(portal_db: Clone) -> None:
    assert problems() == set()


@pytest.mark.parametrize(
    ("mischief", "found"),
    [
        ("SET event_triggers = off; GRANT DELETE ON audit_entry TO portal_app", "audit.E003"),
        ("SET event_triggers = off; ALTER TABLE audit_guard.sealed RENAME TO elsewhere", "audit.E002"),
        ("SELECT audit_guard.unseal('audit_entry')", "audit.E004"),
        ("SELECT audit_guard.unseal('audit_publication')", "audit.E004"),
        ("SET event_triggers = off; GRANT UPDATE (note) ON audit_checkpoint TO portal_app", "audit.E003"),
        ("SET event_triggers = off; DROP TABLE audit_tile", "audit.E002"),
        ("ALTER EVENT TRIGGER audit_guard_ddl DISABLE", "audit.E005"),
        (
            "DO $$BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database()); END$$",
            "audit.E006",
        ),
    ],
)
def test_mischief_is_reported(portal_db: Clone, mischief: str, found: str) -> None:
    with portal_db.connect() as superuser:
        superuser.execute(mischief)
    assert found in problems()


def test_a_sign_in_that_could_do_more_is_reported(portal_db: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    for name, value in role_settings(portal_db.server, SUPERUSER, portal_db.name).items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    assert {"audit.E001", "audit.E003"} <= problems()
    connection.close()


def test_the_deploy_step_is_not_held_up_by_what_it_is_there_to_mend(
    portal_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portal_db.connect() as superuser:
        superuser.execute("SELECT audit_guard.unseal('audit_entry')")
    connection.close()
    for name, value in role_settings(portal_db.server, "portal_migrator", portal_db.name).items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    assert problems() == set()
    connection.close()
