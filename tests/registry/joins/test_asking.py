"""A deputy asks to join by a number: nothing tells whether there is such an incident."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.access.requests import ATTRIBUTE
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.notifications.models import Message
from registry.incidents import views
from registry.incidents.models import Assignment, Incident, JoinQuestion
from registry.incidents.services import incidents, joins
from registry.rules import JOIN_DAY, JOIN_QUESTION_LIFE, JOIN_QUESTIONS_A_DAY
from tests.factories import incident_at, person
from tests.people import sign_in
from tests.r4.world import undone
from tests.told import Told, told

pytestmark = pytest.mark.django_db

NOBODYS = "2026-999999"


def closed() -> Incident:
    incident = incident_at()
    return incidents.close(incident=incident, by=incident.opened_by)


NUMBERS: dict[str, Callable[[], str]] = {
    "an incident": lambda: incident_at().number,
    "one that nobody verified": lambda: incident_at(verified=False).number,
    "one that is closed": lambda: closed().number,
}


def asks(client: Client, number: str) -> tuple[Told, Told]:
    """Ask by a number; return the answer, and the page that it leads to."""
    sent = told(client, "post", reverse("join"), {"number": number}, apart=number)
    return sent, told(client, "get", reverse("join"), {}, apart=number)


@pytest.mark.parametrize("what", NUMBERS)
@time_machine.travel("2026-11-28 15:00:00Z", tick=False)
def test_the_answer_is_the_same_as_for_a_number_of_nothing(what: str, deputy: User) -> None:
    answers = []
    for number in (NUMBERS[what](), NOBODYS):
        with undone():
            answers.append(asks(sign_in(deputy), number))
    assert answers[0] == answers[1]
    assert answers[0][0].location == reverse("join")


def test_both_are_an_entry_and_only_auditors_read_it(deputy: User) -> None:
    incident = incident_at()
    for number in (incident.number, NOBODYS):
        joins.ask(number=number, by=deputy)
    entries = list(AuditEntry.objects.filter(event=Event.JOIN_ASKED).order_by("id"))
    assert [entry.facts["number"] for entry in entries] == [incident.number, NOBODYS]
    assert [entry.incident_id for entry in entries] == [str(incident.pk), ""]
    assert not any(event.agency or event.owner for event in (Event.JOIN_ASKED, Event.JOIN_DECLINED))


def test_nobody_is_written_to_when_somebody_asks(deputy: User) -> None:
    number = incident_at().number
    before = Message.objects.count()
    joins.ask(number=number, by=deputy)
    assert Message.objects.count() == before


def test_the_time_that_it_takes_tells_nothing_either() -> None:
    assert getattr(views.join, ATTRIBUTE, False) is True


def test_a_number_is_read_as_it_looks(deputy: User) -> None:
    incident_at(number="2026-004711")
    question = joins.ask(number="2o26 oo47I1", by=deputy)
    assert question.number == "2026-004711"
    assert question.incident is not None


@pytest.mark.parametrize("number", ["", "4711", "2026-00471", "<b>2026-004711</b>", "7" * 300])
def test_another_form_is_no_question(deputy_client: Client, number: str) -> None:
    page = deputy_client.post(reverse("join"), {"number": number}).content.decode()
    assert 'aria-invalid="true"' in page
    assert not JoinQuestion.objects.exists()


def test_ten_a_day_whatever_they_are_about(deputy: User) -> None:
    exists = [incident_at().number for _each in range(3)]
    numbers = [*exists, *(f"2026-99{number:04}" for number in range(JOIN_QUESTIONS_A_DAY - 3))]
    for number in numbers:
        joins.ask(number=number, by=deputy)
    for number in (NOBODYS, incident_at().number):
        with pytest.raises(ValidationError, match="10 times in a day"):
            joins.ask(number=number, by=deputy)
    joins.ask(number=NOBODYS, by=person("deputy"))
    with time_machine.travel(timezone.now() + JOIN_DAY + timedelta(minutes=1)):
        assert joins.ask(number=NOBODYS, by=deputy).asked_by == deputy


def test_a_refused_question_counts(deputy: User, supervisor: User) -> None:
    incident = incident_at()
    joins.decline(question=joins.ask(number=incident.number, by=deputy), by=supervisor)
    for number in range(JOIN_QUESTIONS_A_DAY - 1):
        joins.ask(number=f"2026-99{number:04}", by=deputy)
    with pytest.raises(ValidationError):
        joins.ask(number=NOBODYS, by=deputy)


@pytest.mark.parametrize("answered", [True, False])
def test_a_no_looks_like_no_answer_to_the_deputy_who_asked(answered: bool, deputy: User, supervisor: User) -> None:
    """The same number can't be asked about again until the time is over, answered or not."""
    number = incident_at().number
    question = joins.ask(number=number, by=deputy)
    if answered:
        joins.decline(question=question, by=supervisor)
    with pytest.raises(ValidationError, match="already"):
        joins.ask(number=number, by=deputy)
    with time_machine.travel(timezone.now() + JOIN_QUESTION_LIFE + timedelta(minutes=1)):
        assert joins.ask(number=number, by=deputy).pk != question.pk


def test_the_page_shows_a_declined_question_as_one_that_waits(
    deputy: User, deputy_client: Client, supervisor: User
) -> None:
    number = incident_at().number
    question = joins.ask(number=number, by=deputy)
    before = told(deputy_client, "get", reverse("join"), {}, apart="")
    joins.decline(question=question, by=supervisor)
    assert told(deputy_client, "get", reverse("join"), {}, apart="") == before
    assert number in before.text


def test_a_deputy_who_works_on_it_is_told_so(deputy: User, deputy_client: Client) -> None:
    incident = incident_at(by=deputy)
    page = deputy_client.post(reverse("join"), {"number": incident.number}).content.decode()
    assert "You work on this incident already" in page
    assert not JoinQuestion.objects.exists()


@pytest.mark.parametrize("role", ["supervisor", "auditor", "clerk", "administrator", "reviewer", "resident"])
def test_nobody_but_a_deputy_asks(role: str) -> None:
    with pytest.raises(Refused):
        joins.ask(number=NOBODYS, by=person(role))


def test_the_database_keeps_a_question_as_it_was_asked_and_answered(deputy: User, supervisor: User) -> None:
    question = joins.ask(number=incident_at().number, by=deputy)
    rows = JoinQuestion.objects.filter(pk=question.pk)
    changes: list[dict[str, object]] = [
        {"number": NOBODYS},
        {"asked_by": supervisor},
        {"ends_at": timezone.now() + timedelta(days=9)},
        {"state": "admitted"},
        {"state": "admitted", "answered_by": deputy, "answered_at": timezone.now()},
        {"state": "elsewhere"},
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    joins.decline(question=question, by=supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="admitted")
    assert not Assignment.objects.filter(user=deputy).exists()
