"""The content of one entry, and the entries that the ledger refuses to write."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from audit.log.actors import VISITOR, Actor, ActorKind, Source, Subject, acting_from
from audit.log.events import Event
from audit.log.models import AuditDetail, AuditEntry, AuditTally
from audit.log.services import MASKED, Line, count_visitor, record, record_many, record_refusal, settle_tallies

DEPUTY = Actor(ActorKind.USER, "5f0c", role="deputy", pseudonym="Deputy K7Q2")
CANVASS = Subject("canvass", "c-1")
INCIDENT = "0b0e7a52-54f4-4c07-8d4b-8c2f4a5f9d11"
A, B = (f"aaaaaaaa-0000-4000-8000-00000000000{n}" for n in (1, 2))


def sent(**changes: object) -> AuditEntry:
    arguments = {"event": Event.CANVASS_SENT, "actor": DEPUTY, "subject": CANVASS, **changes}
    record(**arguments)  # type: ignore[arg-type]
    return AuditEntry.objects.latest("id")


@pytest.mark.django_db
class TestAnEntry:
    def test_it_holds_who_what_and_on_what(self) -> None:
        entry = sent(incident=INCIDENT, offence_type="burglary", facts={"owners": 3})
        entry.refresh_from_db()
        assert (entry.actor_id, entry.actor_role, entry.actor_pseudonym) == ("5f0c", "deputy", "Deputy K7Q2")
        assert (entry.event, entry.subject_kind, entry.subject_id) == ("registry:canvass:send", "canvass", "c-1")
        assert (entry.incident_id, entry.offence_type, entry.facts) == (INCIDENT, "burglary", {"owners": 3})

    def test_its_time_and_nonce_come_from_the_database(self) -> None:
        first, second = sent(), sent()
        assert first.at < second.at
        assert len(bytes(first.nonce)) == 16
        assert bytes(first.nonce) != bytes(second.nonce)

    def test_a_written_time_is_not_the_applications_to_choose(self) -> None:
        entry = AuditEntry(
            event=Event.CANVASS_SENT, at=datetime(2001, 1, 1, tzinfo=UTC), actor_kind="user", actor_id="x"
        )
        entry.save()
        entry.refresh_from_db()
        assert entry.at.year > 2020

    def test_typed_reasons_and_addresses_stand_in_it_as_salted_digests_only(self) -> None:
        with acting_from(Source(address="192.0.2.7", user_agent="Browser/1", sign_in="s1")):
            entry = sent(reason="Burglary at the school, two suspects on foot")
        details = {row.kind: row for row in AuditDetail.objects.all()}
        assert set(details) == {"reason", "address", "agent"}
        for kind, row in details.items():
            assert hashlib.sha256(bytes(row.salt) + row.text.encode()).digest() == bytes(
                getattr(entry, f"{kind}_digest")
            )
        assert entry.sign_in == "s1"
        assert "192.0.2.7" not in str(AuditEntry.objects.filter(pk=entry.pk).values().get())

    def test_it_masks_secrets(self) -> None:
        token = "q" * 43
        entry = sent(reason=f"see /requests/{token}/", facts={"token": "abc", "note": f"Bearer {token}"})
        assert entry.facts == {"token": MASKED, "note": MASKED}
        assert token not in AuditDetail.objects.get(kind="reason").text

    @pytest.mark.parametrize("facts", [{"ünsafe": 1}, {"ratio": 0.5}, {"flag": True}])
    def test_it_refuses_facts_that_have_no_one_form(self, facts: dict[str, int | str]) -> None:
        with pytest.raises((ValueError, TypeError)):
            sent(facts=facts)

    def test_it_refuses_to_be_anonymous(self) -> None:
        with pytest.raises(TypeError):
            sent(actor=None)
        with pytest.raises(ValueError, match="needs an id"):
            Actor(ActorKind.USER, "")


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_be_written_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        sent()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
class TestTheNumbersOfACamera:
    def test_they_count_from_one_without_a_gap(self) -> None:
        for _ in range(3):
            record_many(event=Event.CAMERA_SHOWN, actor=DEPUTY, lines=[line(B), line(A)])
        numbers = AuditEntry.objects.filter(camera_id=A).order_by("id").values_list("camera_number", flat=True)
        assert list(numbers) == [1, 2, 3]

    def test_an_act_that_rolls_back_uses_none(self) -> None:
        record_many(event=Event.CAMERA_SHOWN, actor=DEPUTY, lines=[line(A)])
        with transaction.atomic():
            record_many(event=Event.CAMERA_SHOWN, actor=DEPUTY, lines=[line(A)])
            transaction.set_rollback(True)
        (entry,) = record_many(event=Event.CAMERA_SHOWN, actor=DEPUTY, lines=[line(A)])
        assert entry.camera_number == 2

    def test_whatever_takes_a_cameras_number_is_read_by_its_owner(self) -> None:
        with pytest.raises(ValueError, match="its owner reads"):
            record_many(event=Event.CANVASS_SENT, actor=DEPUTY, lines=[Line(CANVASS), line(A)])
        assert not AuditEntry.objects.exists()

    def test_many_cameras_take_two_statements(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(2):
            record_many(
                event=Event.CAMERA_FOUND,
                actor=DEPUTY,
                reason="a reason",
                lines=[line(f"aaaaaaaa-0000-4000-8000-{n:012}") for n in range(294)],
            )

    def test_many_are_sent_as_one_array_a_column(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with acting_from(Source(address="192.0.2.9")), django_assert_num_queries(2) as captured:
            record_many(event=Event.CAMERA_FOUND, actor=DEPUTY, reason="a reason", lines=[line(B), line(A)])
        assert "UNNEST" in captured[1]["sql"]
        digests = dict(AuditDetail.objects.values_list("kind", "digest"))
        for entry in AuditEntry.objects.all():
            assert bytes(entry.reason_digest) == bytes(digests["reason"])
            assert bytes(entry.address_digest) == bytes(digests["address"])
            assert entry.agent_digest is None


def line(camera: str) -> Line:
    return Line(Subject("camera", camera), camera=camera)


@pytest.mark.django_db
class TestRefusals:
    def test_a_persons_refusal_is_one_entry(self) -> None:
        record_refusal(event=Event.ACT_REFUSED, actor=DEPUTY, subject=CANVASS, facts={"view": "canvass_send"})
        entry = AuditEntry.objects.get()
        assert (entry.event, entry.outcome, entry.actor_id) == ("access:act:refuse", "refused", "5f0c")

    def test_a_visitors_refusals_become_one_entry_a_minute_with_their_count(
        self, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2026-03-01 10:00:05+00:00", tick=False)
        with acting_from(Source(address="192.0.2.9")):
            for _ in range(500):
                record_refusal(event=Event.ACT_REFUSED, actor=VISITOR, subject=CANVASS, facts={})
        assert not AuditEntry.objects.exists()
        assert AuditTally.objects.get().count == 500
        assert settle_tallies() == 0  # the minute isn't over
        time_machine.move_to("2026-03-01 10:01:00+00:00", tick=False)
        assert settle_tallies() == 1
        entry = AuditEntry.objects.get()
        assert entry.facts == {"count": 500, "minute": "2026-03-01T10:00:00+00:00"}
        assert AuditDetail.objects.get(kind="address").text == "192.0.2.9"
        assert not AuditTally.objects.exists()

    def test_a_persons_repeats_within_a_minute_become_one_entry_with_their_count(
        self, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2026-03-01 10:00:05+00:00", tick=False)
        for _ in range(500):
            record_refusal(event=Event.ACT_NOT_FOUND, actor=DEPUTY, subject=CANVASS, facts={"view": "canvass"})
        assert AuditEntry.objects.get().facts == {"view": "canvass"}
        time_machine.move_to("2026-03-01 10:01:00+00:00", tick=False)
        assert settle_tallies() == 1
        repeats = AuditEntry.objects.latest("id")
        assert repeats.facts == {"count": 499, "minute": "2026-03-01T10:00:00+00:00"}
        assert (repeats.actor_id, repeats.actor_pseudonym) == (DEPUTY.id, DEPUTY.pseudonym)
        assert (repeats.subject_kind, repeats.subject_id, repeats.outcome) == (*CANVASS, "refused")

    def test_a_persons_other_refusals_are_entries_at_once_and_none_is_written_twice(
        self, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2026-03-01 10:00:05+00:00", tick=False)
        for subject in (CANVASS, Subject("page", "people")):
            record_refusal(event=Event.ACT_REFUSED, actor=DEPUTY, subject=subject, facts={})
        assert AuditEntry.objects.count() == 2
        time_machine.move_to("2026-03-01 10:01:00+00:00", tick=False)
        assert settle_tallies() == 0
        assert not AuditTally.objects.exists()
        record_refusal(event=Event.ACT_REFUSED, actor=DEPUTY, subject=CANVASS, facts={})
        assert AuditEntry.objects.count() == 3

    def test_addresses_are_counted_apart(self) -> None:
        for address in ("192.0.2.1", "192.0.2.2"):
            with acting_from(Source(address=address)):
                count_visitor(event=Event.VISITOR_REFUSED)
        assert AuditTally.objects.count() == 2


def test_every_event_has_its_sentence_and_an_area() -> None:
    for event in Event:
        assert str(event.sentence), event
        assert len(event.value.split(":")) == 3, event
