"""Footage that was given is seen only by those who may, after the entry of their look."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from audit.log.actors import Source, acting_from
from audit.log.events import Event
from audit.log.models import AuditDetail
from audit.log.services import Ticket
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from registry.footage import storage
from registry.footage.models import Evidence
from registry.footage.services import custody
from registry.incidents.services import incidents
from tests.factories import person, registrant_at, request_at
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given, let_tickets_expire, video

REASON = "Look for the grey van that neighbors saw leave the alley"
DIGEST = hashlib.sha256(video()).hexdigest()
SIGN_IN = Source(address="192.0.2.7", sign_in="s-1")


def of_two_cameras() -> Evidence:
    """Return footage of two cameras."""
    return given(request_at("sent", registrant=registrant_at(cameras=2)))


@dataclass
class World:
    """Footage of two cameras, and leave for the deputy to play it."""

    found: Evidence
    ticket: Ticket


def make_kept_world() -> World:
    found = of_two_cameras()
    with acting_from(SIGN_IN):
        return World(found, custody.view(evidence=found, by=found.request.incident.opened_by, reason=REASON))


@pytest.fixture
def found(kept_world: World) -> Evidence:
    """The footage."""
    return kept_world.found


@pytest.fixture
def deputy(found: Evidence) -> User:
    """The deputy who works on the incident."""
    return found.request.incident.opened_by


@pytest.mark.django_db(transaction=True)
class TestLooking:
    @pytest.fixture
    def found(self) -> Evidence:
        """Footage that was given just now."""
        return of_two_cameras()

    @pytest.mark.parametrize(
        ("look", "event"),
        [(custody.view, Event.EVIDENCE_VIEWED), (custody.download, Event.EVIDENCE_DOWNLOADED)],
    )
    def test_its_owner_sees_it_for_each_camera(self, found: Evidence, deputy: User, look: Any, event: Event) -> None:
        with acting_from(SIGN_IN):
            look(evidence=found, by=deputy, reason=REASON)
        entries = entries_of(event, found)
        asked = {str(pk) for pk in found.request.cameras.values_list("camera_id", flat=True)}
        assert {entry.camera_id for entry in entries} == asked
        assert len(asked) == 2
        for entry in entries:
            assert entry.actor_pseudonym == deputy.pseudonym
            assert entry.incident_id == str(found.request.incident_id)
            assert entry.facts == {"bytes": found.size, "sha256": DIGEST}
            assert AuditDetail.objects.get(digest=entry.reason_digest).text == REASON

    def test_a_supervisor_may_as_long_as_the_account_is_active(self, found: Evidence) -> None:
        supervisor = person(Role.SUPERVISOR)
        with acting_from(SIGN_IN):
            custody.view(evidence=found, by=supervisor, reason=REASON)
            supervisor.is_active = False
            with pytest.raises(Refused):
                custody.view(evidence=found, by=supervisor, reason=REASON)
        assert len(entries_of(Event.EVIDENCE_VIEWED)) == 2

    def test_a_closed_incident_does_not_end_it(self, found: Evidence, deputy: User) -> None:
        incidents.close(incident=found.request.incident, by=deputy)
        with acting_from(SIGN_IN):
            custody.view(evidence=found, by=deputy, reason=REASON)
        assert len(entries_of(Event.EVIDENCE_VIEWED)) == 2


class TestNotLooking:
    @pytest.fixture(autouse=True)
    def _no_view(self, found: Evidence) -> Iterator[None]:
        before = len(entries_of(Event.EVIDENCE_VIEWED))
        yield
        assert len(entries_of(Event.EVIDENCE_VIEWED)) == before

    @pytest.mark.parametrize("reason", ["", "investigation", "test", "asdf asdf asdf asdf asdf"])
    def test_it_wants_a_reason_that_says_something(self, found: Evidence, deputy: User, reason: str) -> None:
        with pytest.raises(ValidationError):
            custody.view(evidence=found, by=deputy, reason=reason)

    def test_a_deputy_who_is_not_assigned_may_not(self, found: Evidence) -> None:
        for look in (custody.view, custody.download):
            with pytest.raises(Refused, match="assigned"):
                look(evidence=found, by=person(Role.DEPUTY), reason=REASON)

    @pytest.mark.parametrize("role", [Role.RESIDENT, Role.AUDITOR, Role.CLERK, Role.ADMINISTRATOR])
    def test_nobody_else_may(self, found: Evidence, role: Role) -> None:
        with pytest.raises(Refused):
            custody.view(evidence=found, by=person(role), reason=REASON)

    def test_without_the_entry_nothing_is_opened(
        self, found: Evidence, deputy: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**arguments: object) -> None:
            raise RuntimeError("the log is out of reach")

        monkeypatch.setattr("registry.footage.services.custody.record_many", fail)
        with pytest.raises(RuntimeError):
            custody.view(evidence=found, by=deputy, reason=REASON)
        assert let_tickets_expire() == 1  # the one of before

    def test_it_can_not_be_part_of_another_transaction(self, found: Evidence, deputy: User) -> None:
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            custody.view(evidence=found, by=deputy, reason=REASON)


class TestWhereTheFileLies:
    @pytest.fixture
    def ticket(self, kept_world: World) -> Ticket:
        """Leave for the deputy to play it."""
        return kept_world.ticket

    def test_it_is_told_for_the_ticket(self, found: Evidence, deputy: User, ticket: Ticket) -> None:
        with acting_from(SIGN_IN):
            key = custody.stream_location(evidence=found, by=deputy, ticket=ticket)
        with storage.stored(key) as file:
            assert file.read() == video()

    def test_it_is_not_told_to_another_person(self, found: Evidence, ticket: Ticket) -> None:
        with acting_from(SIGN_IN), pytest.raises(Refused, match="Open it again"):
            custody.stream_location(evidence=found, by=person(Role.SUPERVISOR), ticket=ticket)

    @pytest.mark.parametrize("sign_in", ["", "s-2"])
    def test_it_is_not_told_to_another_sign_in(
        self, found: Evidence, deputy: User, ticket: Ticket, sign_in: str
    ) -> None:
        with acting_from(Source(sign_in=sign_in)), pytest.raises(Refused, match="Open it again"):
            custody.stream_location(evidence=found, by=deputy, ticket=ticket)

    def test_a_ticket_for_another_file_is_refused(self, found: Evidence, deputy: User, ticket: Ticket) -> None:
        other = given(found.request)
        with acting_from(SIGN_IN), pytest.raises(Refused, match="Open it again"):
            custody.stream_location(evidence=other, by=deputy, ticket=ticket)

    def test_a_ticket_to_play_is_none_to_download(self, found: Evidence, deputy: User, ticket: Ticket) -> None:
        download = Ticket(ticket.token, Event.EVIDENCE_DOWNLOADED.value, ticket.subject_kind, ticket.subject_id)
        with acting_from(SIGN_IN), pytest.raises(Refused, match="Open it again"):
            custody.stream_location(evidence=found, by=deputy, ticket=download)

    def test_after_ten_minutes_it_is_not_told(self, found: Evidence, deputy: User, ticket: Ticket) -> None:
        assert let_tickets_expire() == 1
        with acting_from(SIGN_IN), pytest.raises(Refused, match="Open it again"):
            custody.stream_location(evidence=found, by=deputy, ticket=ticket)

    def test_who_was_taken_off_the_incident_loses_it_at_once(
        self, found: Evidence, deputy: User, ticket: Ticket
    ) -> None:
        incidents.unassign(incident=found.request.incident, user=deputy, by=person(Role.SUPERVISOR))
        with acting_from(SIGN_IN), pytest.raises(Refused, match="assigned"):
            custody.stream_location(evidence=found, by=deputy, ticket=ticket)
