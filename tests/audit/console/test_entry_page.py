"""The page of one entry says what is known of it, and no more."""

from uuid import uuid4

import pytest
from django.db import transaction

from audit.console.entry import (
    Fact,
    Verdict,
    VerdictKind,
    expired,
    facts_text,
    neighbors,
    proof_facts,
    same_transaction,
    short_id,
    source_facts,
    verdict_of,
    what_facts,
)
from audit.log.actors import VISITOR, VISITORS, Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record_at_once
from tests.audit.console.conftest import CAMERA, INCIDENT, KIM, LEE, write
from tests.database.clone import Clone
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_public_can_check_what_was_published_and_nothing_that_is_newer(sealed_log: SealedLog) -> None:
    def said(term: str) -> dict[int, str]:
        facts = {entry.pk: {str(fact.term): fact.value for fact in proof_facts(entry)} for entry in entries}
        return {pk: known.get(term, "") for pk, known in facts.items()}

    entries = [write()]
    assert said("State")[entries[0].pk].startswith("Waits for the sealer")
    sealed_log.seal_and_publish()
    entries.append(write())
    sealed_log.seal()
    old, new = (said("For the public")[entry.pk] for entry in entries)
    assert old == "Publicly checkable"
    assert new.startswith("Publicly checkable from ")
    assert said("Signed tree")[entries[1].pk] == "2 places"
    assert all(said("Sealed").values())
    sealed_log.publish()
    assert set(said("For the public").values()) == {"Publicly checkable"}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (VerdictKind.GOOD, "against the signed tree of size 1,200."),
        (VerdictKind.WAITS, "check again in a moment."),
        (VerdictKind.WRONG, "against the signed tree of size 1,200. Staff are told."),
    ],
)
def test_what_a_check_came_to_is_said(kind: VerdictKind, said: str) -> None:
    assert verdict_of(Verdict(kind, (), size=1_200))["verdict_said"].endswith(said)


def test_what_was_done_is_said_and_what_nobody_knows_is_left_out() -> None:
    def said(pk: int) -> dict[str, str]:
        return {str(fact.term): fact.value for fact in what_facts(AuditEntry.objects.get(pk=pk))}

    camera = Subject("camera", CAMERA)
    place = {"incident": INCIDENT, "offence_type": "burglary", "premises_type": "home", "area": "35203"}
    shown = [write(Event.CAMERA_SHOWN, subject=camera, camera=CAMERA, reason="A van.", **place) for _time in range(2)]
    assert said(shown[1].pk) == {
        "Act": "read this camera's address in a canvass",
        "Event": "registry:camera:show",
        "Outcome": "done",
        "Reason as typed": "A van.",
        "Object": "camera C-00000000",
        "Id of the object": CAMERA,
        "Camera": "C-00000000",
        "Number of this camera's entries": "2",
        "Incident": INCIDENT,
        "Crime or emergency": "burglary",
        "Kind of place": "home",
        "Area (ZIP code)": "35203",
    }
    opened = write(Event.LOG_OPENED, subject=Subject("log", ""), facts={"more_of": "7"})
    assert said(opened.pk) == {
        "Act": "opened the audit log",
        "Event": "audit:log:open",
        "Outcome": "done",
        "Object": "log",
        "more of": "7",
    }


def test_facts_that_read_as_code_are_said_in_words_and_stay_as_they_are_in_a_copy() -> None:
    recorded: dict[str, int | str] = {"unchecked": 1, "by_rule": 0, "late": 2, "radius_m": 1, "more_of": "1"}
    entry = write(Event.LOG_OPENED, subject=Subject("log", ""), facts=recorded)
    said = {str(fact.term): fact.value for fact in what_facts(AuditEntry.objects.get(pk=entry.pk))}
    assert said["nobody had checked the incident"] == "yes"
    assert said["given by the owner's rule"] == "no"
    assert said["signed late"] == "2"
    assert said["radius in meters"] == "1"
    assert said["more of"] == "1"
    assert facts_text(entry) == "by_rule: 0, late: 2, more_of: 1, radius_m: 1, unchecked: 1"


def test_an_address_leads_to_all_that_came_from_it_until_it_expires(portal_db: Clone) -> None:
    def address() -> Fact:
        return source_facts(entry)[0]

    entry = write(address="203.0.113.9")
    assert address() == ("Network address", "203.0.113.9", "address=203.0.113.9", False)
    with portal_db.connect() as superuser:
        superuser.execute("ALTER TABLE audit_detail DISABLE TRIGGER ALL")
        superuser.execute("DELETE FROM audit_detail")
    assert (address().value, address().query) == (expired(), "")
    assert source_facts(write())[0].value == "The portal's own machine"


def test_around_an_entry_stand_those_of_the_same_actor_and_things() -> None:
    page, camera, file = Subject("page", "audit"), Subject("camera", CAMERA), Subject("evidence", str(uuid4()))

    def others() -> list[AuditEntry]:
        return [
            write(subject=page),
            write(subject=page, actor=LEE, incident=INCIDENT),
            write(Event.CAMERA_SHOWN, subject=camera, actor=LEE, camera=CAMERA),
            write(subject=file, actor=LEE),
        ]

    before, entry, after = others(), write(Event.CAMERA_SHOWN, subject=file, incident=INCIDENT, camera=CAMERA), others()
    found = neighbors(entry)
    assert [(each["title"], each["query"]) for each in found] == [
        ("By the same actor", f"actor={KIM.id}"),
        ("Of the same incident", f"incident={INCIDENT}"),
        ("Of the same camera", f"camera={CAMERA}"),
        ("About the same object", f"subject_kind={file.kind}&subject={file.id}"),
    ]
    assert [each["before"]["entry"] for each in found] == before
    assert [each["after"]["entry"] for each in found] == after
    assert [each["title"] for each in neighbors(after[2])] == ["By the same actor", "Of the same camera"]
    assert neighbors(write(Event.VISITOR_REFUSED, actor=VISITOR, subject=VISITORS)) == []


def test_what_was_written_together_stands_beside_an_entry() -> None:
    with transaction.atomic():
        together = [record_at_once(event=Event.LOG_OPENED, actor=KIM, subject=Subject("log", "")) for _time in range(3)]
    assert same_transaction(together[1]) == [together[0], together[2]]
    assert same_transaction(write()) == []


@pytest.mark.parametrize(("pk", "said"), [("sixteen-letters!", "sixteen-letters!"), ("seventeen-letters", "seventee…")])
def test_a_long_id_is_shortened(pk: str, said: str) -> None:
    assert short_id(pk) == said
