"""An incident that a supervisor sends back with a sentence, and the people on it correct."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditDetail
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.worklist.services import tell
from registry.incidents import selectors
from registry.incidents.models import Correction, Incident
from registry.incidents.services import incidents
from tests.factories import incident_at
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.incidents.test_change import change

pytestmark = pytest.mark.django_db

WRONG = "The caller spoke of the next block, not of the park."


def sent_back(by: User, incident: Incident | None = None) -> Correction:
    return incidents.send_back(incident=incident or incident_at(verified=False), by=by, reason=WRONG)


def told(person: User) -> int:
    """Return how many notices a person has got."""
    tell()
    return Message.objects.filter(to=person.email).count()


def test_it_is_an_entry_with_the_sentence(supervisor: User) -> None:
    incident = sent_back(supervisor).incident
    (entry,) = entries_of(Event.INCIDENT_SENT_BACK, incident)
    assert entry.actor_id == str(supervisor.pk)
    assert AuditDetail.objects.get(digest=bytes(entry.reason_digest or b"")).text == WRONG


def test_the_opener_reads_it_is_told_once_and_answers_by_correcting(supervisor: User) -> None:
    incident = incident_at(verified=False)
    opener = incident.opened_by
    before = told(opener)
    sent_back(supervisor, incident)
    assert told(opener) == before + 1
    assert told(opener) == before + 1
    browser = sign_in(opener)
    start = browser.get(reverse("console")).text
    assert "Sent back" in start
    assert reverse("incident_change", args=[incident.pk]) in start
    for name in ("incident", "incident_change"):
        assert WRONG in browser.get(reverse(name, args=[incident.pk])).text
    change(incident, opener, place="Morris Avenue")
    assert "Sent back" not in browser.get(reverse("console")).text
    made = Correction.objects.get(incident=incident)
    assert (made.made_by, made.made_at is not None) == (opener, True)


def test_meanwhile_no_supervisor_is_asked_to_verify_it_and_afterwards_anew(
    supervisor: User, other_supervisor: User
) -> None:
    incident = incident_at(verified=False)
    before = told(other_supervisor)
    sent_back(supervisor, incident)
    for by in (supervisor, other_supervisor):
        assert incident not in selectors.incidents_to_verify(by)
    change(incident, incident.opened_by, place="Morris Avenue")
    for by in (supervisor, other_supervisor):
        assert incident in selectors.incidents_to_verify(by)
    assert told(other_supervisor) == before + 1
    page = sign_in(supervisor).get(reverse("incident", args=[incident.pk])).text
    assert WRONG in page
    assert f"{incident.opened_by.pseudonym} changed it after that" in page


def test_the_mark_is_in_lists_until_it_is_corrected(supervisor: User) -> None:
    incident = sent_back(supervisor).incident
    browser = sign_in(supervisor)
    assert "Sent back" in browser.get(reverse("incidents")).text
    change(incident, incident.opened_by, place="Morris Avenue")
    assert "Sent back" not in browser.get(reverse("incidents")).text


def test_a_second_time_is_told_again(supervisor: User) -> None:
    incident = sent_back(supervisor).incident
    before = told(incident.opened_by)
    change(incident, incident.opened_by, place="Morris Avenue")
    sent_back(supervisor, incident)
    assert told(incident.opened_by) == before + 1


def test_its_day_runs_on(supervisor: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=23), tick=False):
        incident = sent_back(supervisor).incident
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert incidents.close_unverified() == 1
        assert list(selectors.uncorrected().filter(incident=incident)) == []


def test_a_supervisor_who_verifies_it_after_all_ends_that(supervisor: User, other_supervisor: User) -> None:
    incident = sent_back(supervisor).incident
    incidents.verify(incident=incident, by=other_supervisor)
    assert WRONG not in sign_in(incident.opened_by).get(reverse("incident", args=[incident.pk])).text
    assert not selectors.corrections_to_make(incident.opened_by).exists()


class TestRefusals:
    @pytest.mark.parametrize("reason", ["", "test", "The protest at Linn Park went on", "Linn Park, 20th Street North"])
    def test_a_sentence_that_says_nothing(self, reason: str, supervisor: User) -> None:
        incident = incident_at(verified=False)
        with pytest.raises(ValidationError) as refused:
            incidents.send_back(incident=incident, by=supervisor, reason=reason)
        assert list(refused.value.message_dict) == ["reason"]
        assert not Correction.objects.exists()
        assert not entries_of(Event.INCIDENT_SENT_BACK, incident)

    def test_who_opened_or_changed_it_does_not(self, supervisor: User, other_supervisor: User) -> None:
        own = incident_at(verified=False, by=supervisor)
        with pytest.raises(Refused, match="You opened this incident"):
            sent_back(supervisor, own)
        change(own, other_supervisor, place="Morris Avenue")
        with pytest.raises(Refused, match="You changed this incident"):
            sent_back(other_supervisor, own)

    def test_a_deputy_does_not(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(verified=False, by=deputy)
        with pytest.raises(Refused):
            sent_back(deputy, incident)
        address = reverse("incident_send_back", args=[incident.pk])
        assert deputy_client.post(address, {"reason": WRONG}).status_code == 403
        assert "Send it back" not in deputy_client.get(reverse("incident", args=[incident.pk])).text

    def test_one_that_is_verified_closed_or_sent_back_already(self, supervisor: User, other_supervisor: User) -> None:
        with pytest.raises(Stale, match="already verified"):
            sent_back(supervisor, incident_at())
        closed = incident_at(verified=False)
        incidents.close(incident=closed, by=closed.opened_by)
        with pytest.raises(Stale, match="is closed"):
            sent_back(supervisor, closed)
        twice = sent_back(supervisor).incident
        with pytest.raises(Stale, match="was sent back already"):
            sent_back(other_supervisor, twice)

    def test_the_database_holds_one_at_once(self, supervisor: User) -> None:
        first = sent_back(supervisor)
        with pytest.raises(IntegrityError, match="correction_one_at_once"), transaction.atomic():
            Correction.objects.create(incident=first.incident, asked_by=supervisor, sentence=WRONG)

    def test_nor_does_it_let_anybody_change_what_was_said(self, supervisor: User) -> None:
        first = sent_back(supervisor)
        with pytest.raises(IntegrityError, match="a correction stays"), transaction.atomic():
            Correction.objects.filter(pk=first.pk).update(sentence="Nothing is wrong with it at all.")
        change(first.incident, first.incident.opened_by, place="Morris Avenue")
        with pytest.raises(IntegrityError, match="a correction stays"), transaction.atomic():
            Correction.objects.filter(pk=first.pk).update(made_by=None, made_at=None)


class TestItsPage:
    def test_it_says_what_happens_and_leads_back(self, supervisor_client: Client) -> None:
        incident = incident_at(verified=False)
        address = reverse("incident_send_back", args=[incident.pk])
        assert f'href="{address}"' in supervisor_client.get(reverse("incident", args=[incident.pk])).text
        assert incident.place in supervisor_client.get(address).text
        answer = supervisor_client.post(address, {"reason": "test"})
        assert "This does not say why" in answer.text
        answer = supervisor_client.post(address, {"reason": WRONG}, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("incident", args=[incident.pk])
        assert WRONG in answer.text
        assert supervisor_client.get(address).status_code == 409
