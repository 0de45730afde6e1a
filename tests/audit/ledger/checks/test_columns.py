"""Whatever a superuser makes of the columns of an entry is found, and the entry is named."""

import json
import re

import pytest

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.runs import check_at_once
from audit.ledger.tree.tiles import entry_at
from tests.audit.ledger.conftest import SealAll, write_entries
from tests.audit.ledger.tampering import a_log, change, kinds, said
from tests.database.clone import Clone

pytestmark = pytest.mark.django_db(transaction=True)

TYPES = {
    "text": "{} || 'x'", "character varying": "{} || 'x'", "bigint": "{} + 100000", "xid8": "'7'::xid8",
    "timestamp with time zone": "{} + interval '1 microsecond'", "bytea": "'\\x0102'",
    "jsonb": "{} || '{{\"canvass\": \"other\"}}'", "uuid": "'00000000-0000-0000-0000-00000000ffff'",
}  # fmt: skip
"""SQL for another value, by the type of a column."""

COLUMNS = (
    "id", "at", "nonce", "event", "outcome", "actor_kind", "actor_id", "actor_role", "actor_pseudonym", "sign_in",
    "subject_kind", "subject_id", "incident_id", "camera_id", "camera_number", "offence_type", "premises_type", "area",
    "facts", "reason_digest", "address_digest", "agent_digest", "transaction", "db_role",
)  # fmt: skip


DISGUISES: dict[str, tuple[str, ...]] = {
    "an era": (
        """UPDATE audit_entry
            SET at = (replace(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '-02-29', '-02-28')
                || '+00 BC')::timestamptz""",  # 2028 BC had no February 29
    ),
    "a kind with its id": (
        "ALTER TABLE audit_entry ALTER subject_kind TYPE text",
        "UPDATE audit_entry SET subject_kind = concat(subject_kind, ':', subject_id), subject_id = ''",
    ),
    "an id with its kind": (
        "ALTER TABLE audit_entry ALTER subject_kind DROP NOT NULL",
        "UPDATE audit_entry SET subject_kind = NULL, subject_id = concat(subject_kind, ':', subject_id)",
    ),
    "NULL for nothing": (
        "ALTER TABLE audit_entry ALTER sign_in DROP NOT NULL",
        "UPDATE audit_entry SET sign_in = NULL",
    ),
}
"""Changes by which a superuser could make a row seem to say what was sealed."""


def columns_of(clone: Clone) -> dict[str, str]:
    """Return the type of each column of the log."""
    with clone.connect() as superuser:
        return dict(
            superuser.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'audit_entry'"
            ).fetchall()
        )


@pytest.mark.parametrize("column", COLUMNS)
def test_each_is_compared(seal_all: SealAll, portal_db: Clone, column: str) -> None:
    entry = write_entries(20)[16].pk
    seal_all()
    other = TYPES[columns_of(portal_db)[column]].format(column)
    change(portal_db, f"UPDATE audit_entry SET {column} = {other} WHERE id = {entry}")
    findings = list(check_at_once())
    if column == "id":
        assert {(AlarmKind.ENTRY_MISSING, entry), (AlarmKind.ENTRY_UNSEALED, entry + 100_000)} <= kinds(findings)
    else:
        assert (AlarmKind.ENTRY_CHANGED, entry) in kinds(findings)
        assert re.search(rf"Entry {entry} is not as it was sealed: \w+ was sealed as", said(findings))


def test_there_are_no_others(portal_db: Clone) -> None:
    assert set(columns_of(portal_db)) == set(COLUMNS)


@pytest.mark.parametrize("statements", DISGUISES.values(), ids=DISGUISES)
def test_no_other_row_has_the_same_bytes(seal_all: SealAll, portal_db: Clone, statements: tuple[str, ...]) -> None:
    entry = write_entries(1)[0].pk
    seal_all()
    assert list(check_at_once()) == []
    change(portal_db, *statements)
    assert (AlarmKind.ENTRY_CHANGED, entry) in kinds(list(check_at_once()))


def test_functions_of_the_owner_do_not_write_entries(seal_all: SealAll, portal_db: Clone) -> None:
    with portal_db.connect("portal_migrator") as migrator:
        migrator.execute("SET ROLE portal_owner")
        for name, returned in (("to_json(text)", "json"), ("replace(text, text, text)", "text")):
            migrator.execute(
                f"CREATE FUNCTION public.{name} RETURNS {returned} LANGUAGE sql AS $$ SELECT NULL::{returned} $$"
            )
    (entry,) = write_entries(1)
    seal_all()
    assert json.loads(entry_at(0))["subject"] == f"camera:{entry.subject_id}"
    assert list(check_at_once()) == []


def test_a_column_of_another_type_is_found_and_ends_no_check(seal_all: SealAll, portal_db: Clone) -> None:
    write_entries(1)
    seal_all()
    change(portal_db, "ALTER TABLE audit_entry ALTER nonce DROP DEFAULT, ALTER nonce TYPE text USING ''")
    (finding,) = check_at_once()
    assert finding.kind == AlarmKind.TREE_BROKEN
    assert "tables are not as they were made" in finding.what


@pytest.mark.parametrize("said", ['{"area":"\\ud800"}', "[" * 20_000])
def test_bytes_that_nobody_can_read_are_found(seal_all: SealAll, portal_db: Clone, said: str) -> None:
    entry = write_entries(1)[0].pk
    seal_all()
    change(portal_db, f"UPDATE audit_leaf SET bytes = convert_to('{said}', 'UTF8')")
    found = [finding for finding in check_at_once() if finding.entry == entry]
    assert AlarmKind.ENTRY_CHANGED in {finding.kind for finding in found}
    assert all(finding.what.encode() for finding in found)


@pytest.mark.parametrize("facts", ["[]", "7", "null", '"x"'])
def test_facts_that_are_none(seal_all: SealAll, portal_db: Clone, facts: str) -> None:
    entry = write_entries(1)[0].pk
    seal_all()
    change(
        portal_db,
        "ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_facts_plain",
        f"UPDATE audit_entry SET facts = '{facts}'",
    )
    (finding,) = check_at_once()
    assert (finding.kind, finding.entry) == (AlarmKind.ENTRY_CHANGED, entry)
    assert "facts was sealed as" in finding.what


def test_it_says_what_was_sealed_and_what_is_there(seal_all: SealAll, portal_db: Clone) -> None:
    entry = a_log(seal_all)[270]
    change(portal_db, f"UPDATE audit_entry SET area = '35299', sign_in = 'x' WHERE id = {entry}")
    (finding,) = check_at_once()
    assert finding.what == (
        f'Entry {entry} is not as it was sealed: area was sealed as "35203" and the row says "35299"; '
        'sign_in was sealed as nothing and the row says "x".'
    )
