"""An entry says what its row says, as RFC 8785 writes it."""

from base64 import b64encode
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC

import psycopg
import pytest
import rfc8785
from django.db import connection, transaction

from audit.ledger.models import Leaf
from audit.ledger.sealer import EntryTooLong
from audit.ledger.tree.leaves import LONGEST_ENTRY, written_entries
from audit.ledger.tree.tiles import entry_at
from audit.log.actors import VISITOR, Source, Subject, acting_from
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record_at_once
from tests.audit.ledger.conftest import CAMERAS, DEPUTY, SealAll, write_entries
from tests.audit.ledger.tampering import change
from tests.database.clone import Clone

pytestmark = pytest.mark.django_db(transaction=True)

BROWSER = Source(address="192.0.2.7", user_agent="Firefox", sign_in="5f")
ODD = '35203 "\\/\t\x01\x7f\u00e9\u2028\U0001f600'


def base64(content: bytes | memoryview | None) -> str:
    """Return what an entry says of bytes."""
    return b64encode(content or b"").decode()


def written_by_the_database(entry: AuditEntry, clone: Clone) -> dict[str, int | str]:
    """Return what an entry says that the application does not write, and where it came from."""
    with clone.connect() as superuser:
        query = "SELECT transaction::text::bigint FROM audit_entry WHERE id = %s"
        [(number,)] = superuser.execute(query, [entry.pk]).fetchall()
    return {
        "address_digest": base64(entry.address_digest),
        "agent_digest": base64(entry.agent_digest),
        "at": f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "db_role": "portal_app",
        "id": entry.pk,
        "n": base64(entry.nonce),
        "outcome": "done",
        "sign_in": "5f",
        "transaction": number,
    }


def test_all_that_there_is(seal_all: SealAll, portal_db: Clone) -> None:
    with transaction.atomic(), acting_from(BROWSER):
        entry = record_at_once(
            event=Event.CAMERA_SHOWN,
            actor=DEPUTY,
            subject=Subject("camera", CAMERAS[0]),
            camera=CAMERAS[0],
            incident=CAMERAS[1],
            reason="Two vans left at night.",
            offence_type="burglary",
            premises_type="home",
            area=ODD,
            facts={"b": ODD, "aa": 7, "A": -(2**53 - 1), "zero": 0, "empty": ""},
        )
    seal_all()
    assert entry_at(0) == rfc8785.dumps({
        **written_by_the_database(entry, portal_db),
        "actor": f"user:{DEPUTY.id}",
        "area": ODD,
        "camera": CAMERAS[0],
        "camera_number": 1,
        "event": "registry:camera:show",
        "facts": {"b": ODD, "aa": 7, "A": -(2**53 - 1), "zero": 0, "empty": ""},
        "incident": CAMERAS[1],
        "offence": "burglary",
        "premises": "home",
        "pseudonym": "Deputy K7Q2",
        "reason_digest": base64(entry.reason_digest),
        "role": "deputy",
        "subject": f"camera:{CAMERAS[0]}",
    })  # fmt: skip


def test_nothing_of_what_is_empty(seal_all: SealAll, portal_db: Clone) -> None:
    with transaction.atomic(), acting_from(BROWSER):
        entry = record_at_once(event=Event.LOG_OPENED, actor=VISITOR, subject=Subject("log", ""))
    seal_all()
    assert entry_at(0) == rfc8785.dumps({
        **written_by_the_database(entry, portal_db),
        "actor": "visitor",
        "event": "audit:log:open",
        "role": VISITOR.role,
        "subject": "log",
    })  # fmt: skip


@pytest.mark.parametrize(("more", "outcome"), [(0, nullcontext()), (1, pytest.raises(EntryTooLong))])
def test_one_too_long_for_a_bundle_is_not_sealed(
    more: int, outcome: AbstractContextManager[object], seal_all: SealAll, portal_db: Clone
) -> None:
    (entry,) = write_entries(1)
    facts = "UPDATE audit_entry SET facts = jsonb_build_object('long', repeat('x', {}))"
    change(portal_db, "ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_facts_plain", facts.format(0))
    with connection.cursor() as cursor:
        [(_entry, content)] = written_entries(cursor, [entry.pk])
    change(portal_db, facts.format(LONGEST_ENTRY - len(content) + more))
    with outcome:
        seal_all()
    assert list(map(len, Leaf.objects.values_list("bytes", flat=True))) == ([] if more else [LONGEST_ENTRY])


@pytest.mark.parametrize(
    "facts",
    ["[]", '{"a":["x","y"]}', '{"a":{"b":"c"}}', '{"a":1.5}', '{"a":null}', '{"a":true}', '{"a":9007199254740992}'],
)
def test_the_database_takes_no_facts_but_texts_and_whole_numbers(portal_db: Clone, facts: str) -> None:
    insert = (
        "INSERT INTO audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in, "
        "subject_kind, subject_id, offence_type, premises_type, area, facts) VALUES "
        "('audit:log:open', 'done', 'user', 'x', '', '', '', 'log', 'all', '', '', '', %s)"
    )
    with portal_db.connect("portal_app") as application:
        application.execute(insert, ['{"a":"x","b":-9007199254740991}'])
        with pytest.raises(psycopg.errors.CheckViolation):
            application.execute(insert, [facts])
