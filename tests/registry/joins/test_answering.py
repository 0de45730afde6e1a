"""Somebody on the incident answers; before it is verified, a supervisor who did not open it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.incidents import selectors
from registry.incidents.models import Assignment, Incident, JoinQuestion
from registry.incidents.policies.incidents import may_answer
from registry.incidents.services import incidents, joins
from registry.rules import JOIN_QUESTION_LIFE
from tests.database.operator import as_operator
from tests.factories import incident_at, person
from tests.lifecycle.drivers.joins import asked, colleague
from tests.people import sign_in
from tests.told import told

pytestmark = pytest.mark.django_db


def is_on(user: User, incident: Incident | None) -> bool:
    return Assignment.objects.filter(user=user, incident=incident).exists()


def start_page(user: User) -> str:
    return sign_in(user).get(reverse("console")).content.decode()


def presses(client: Client, question: JoinQuestion, act: str) -> int:
    return client.post(reverse(f"join_{act}", args=[question.incident_id, question.pk])).status_code


class TestYes:
    def test_the_deputy_who_asked_works_on_it_and_is_told_by_mail_and_on_the_start_page(self, deputy: User) -> None:
        question = asked(by=deputy)
        by = colleague("deputy", question)
        assert question.number not in start_page(deputy)
        joins.admit(question=question, by=by)
        assert is_on(deputy, question.incident)
        assert "You joined" in start_page(deputy)
        message = Message.objects.get(kind=MessageKind.INCIDENT_JOINED)
        assert (message.to, message.subject_id) == (deputy.email, str(question.pk))
        assert mail.outbox == []

    def test_it_is_an_entry_of_the_question_and_of_the_incident(self, deputy: User) -> None:
        question = asked(by=deputy)
        by = colleague("deputy", question)
        joins.admit(question=question, by=by)
        written = AuditEntry.objects.filter(incident_id=str(question.incident_id)).order_by("-id")[:2]
        assert {entry.event for entry in written} == {Event.JOIN_ADMITTED, Event.INCIDENT_ASSIGNED}
        assert {entry.actor_id for entry in written} == {str(by.pk)}

    def test_a_colleague_finds_it_on_the_start_page_and_says_yes_on_the_incidents(self, deputy: User) -> None:
        question = asked(by=deputy)
        by = colleague("deputy", question)
        assert "Asks to join" in start_page(by)
        window = sign_in(by)
        page = window.get(reverse("incident", args=[question.incident_id])).content.decode()
        assert reverse("join_admit", args=[question.incident_id, question.pk]) in page
        assert deputy.name in page
        assert presses(window, question, "admit") == 302
        assert is_on(deputy, question.incident)
        assert "Asks to join" not in start_page(by)


class TestNo:
    def test_the_deputy_who_asked_is_not_told(self, deputy: User) -> None:
        question = asked(by=deputy)
        window = sign_in(deputy)
        before = told(window, "get", reverse("console"), {}, apart="")
        joins.decline(question=question, by=colleague("deputy", question))
        assert told(window, "get", reverse("console"), {}, apart="") == before
        assert not Message.objects.filter(kind=MessageKind.INCIDENT_JOINED).exists()
        assert not is_on(deputy, question.incident)


class TestWho:
    def test_before_it_is_verified_a_deputy_on_it_does_not(self, deputy: User) -> None:
        question = asked(incident_at(verified=False), by=deputy)
        by = colleague("deputy", question)
        assert "Asks to join" not in start_page(by)
        for answer in (joins.admit, joins.decline):
            with pytest.raises(Refused, match="Before the incident is verified"):
                answer(question=question, by=by)

    def test_before_it_is_verified_neither_does_the_supervisor_who_opened_it(self, deputy: User) -> None:
        opener = person("supervisor")
        question = asked(incident_at(verified=False, by=opener), by=deputy)
        assert "Asks to join" not in start_page(opener)
        with pytest.raises(Refused):
            joins.admit(question=question, by=opener)

    def test_any_other_supervisor_does(self, deputy: User, supervisor: User) -> None:
        question = asked(incident_at(verified=False), by=deputy)
        assert "Asks to join" in start_page(supervisor)
        assert joins.admit(question=question, by=supervisor).answered_by == supervisor

    def test_of_an_incident_that_nobody_works_on_supervisors_are_asked(self, deputy: User, supervisor: User) -> None:
        question = asked(by=deputy)
        assert question.incident is not None
        assert "Asks to join" not in start_page(supervisor)
        incidents.unassign(incident=question.incident, user=question.incident.opened_by, by=supervisor)
        assert "Asks to join" in start_page(supervisor)

    def test_another_supervisor_is_not_asked_while_somebody_works_on_it_but_may_answer_on_its_page(
        self, deputy: User, supervisor: User
    ) -> None:
        question = asked(by=deputy)
        assert "Asks to join" not in start_page(supervisor)
        window = sign_in(supervisor)
        page = window.get(reverse("incident", args=[question.incident_id])).content.decode()
        assert reverse("join_admit", args=[question.incident_id, question.pk]) in page
        assert presses(window, question, "admit") == 302
        assert is_on(deputy, question.incident)

    @pytest.mark.parametrize("verified", [True, False])
    def test_a_question_is_listed_only_for_people_who_may_answer_it(self, verified: bool, deputy: User) -> None:
        opener = person("supervisor")
        question = asked(incident_at(verified=verified, by=opener), by=deputy)
        assert question.incident is not None
        people = [opener, colleague("deputy", question), colleague("supervisor", question)]
        people += [person("supervisor"), person("deputy"), deputy, person("auditor")]
        listed = [each for each in people if question in selectors.questions_to_answer(each)]
        assert listed == (people[:3] if verified else people[2:4])
        for each in listed:
            may_answer(each, question, question.incident)

    def test_nobody_answers_their_own_question(self, deputy: User, supervisor: User) -> None:
        question = asked(by=deputy)
        assert question.incident is not None
        incidents.assign(incident=question.incident, user=deputy, by=supervisor)
        with pytest.raises(Refused, match="Somebody else"):
            joins.admit(question=question, by=deputy)

    def test_a_deputy_who_is_not_on_it_finds_no_such_question(self, deputy_client: Client) -> None:
        question = asked(by=person("deputy"))
        assert presses(deputy_client, question, "admit") == 404
        assert presses(deputy_client, question, "decline") == 404

    def test_a_question_is_not_answered_by_way_of_another_incident(self, deputy: User, deputy_client: Client) -> None:
        question, own = asked(by=person("deputy")), incident_at(by=deputy)
        assert deputy_client.post(reverse("join_admit", args=[own.pk, question.pk])).status_code == 404
        assert not is_on(question.asked_by, question.incident)


class TestMeanwhile:
    def test_the_second_answer_comes_too_late(self, deputy: User) -> None:
        question = asked(by=deputy)
        first, second = (colleague("deputy", question) for _each in range(2))
        joins.decline(question=question, by=first)
        with pytest.raises(Stale):
            joins.admit(question=question, by=second)
        assert not is_on(deputy, question.incident)

    def test_a_person_who_was_suspended_does_not_join(self, deputy: User, supervisor: User) -> None:
        question = asked(by=deputy)
        with as_operator():
            User.objects.filter(pk=deputy.pk).update(is_active=False, disabled_at=timezone.now())
        assert "Asks to join" not in start_page(colleague("deputy", question))
        with pytest.raises(Refused, match="may no longer ask"):
            joins.admit(question=question, by=supervisor)
        assert not is_on(deputy, question.incident)

    def test_a_closed_incident_answers_nobody(self, deputy: User, supervisor: User) -> None:
        question = asked(by=deputy)
        assert question.incident is not None
        incidents.close(incident=question.incident, by=supervisor)
        with pytest.raises(Stale):
            joins.admit(question=question, by=supervisor)

    def test_a_question_that_nobody_answered_ends(self, deputy: User, supervisor: User) -> None:
        question = asked(by=deputy)
        by = colleague("deputy", question)
        with time_machine.travel(timezone.now() + JOIN_QUESTION_LIFE + timedelta(seconds=1)):
            assert "Asks to join" not in start_page(by)
            with pytest.raises(Stale, match="has ended"):
                joins.admit(question=question, by=by)

    def test_somebody_who_was_assigned_meanwhile_is_not_asked_about(self, deputy: User, supervisor: User) -> None:
        question = asked(by=deputy)
        by = colleague("deputy", question)
        assert question.incident is not None
        incidents.assign(incident=question.incident, user=deputy, by=supervisor)
        assert "Asks to join" not in start_page(by)
        joins.admit(question=question, by=by)
        assert Assignment.objects.filter(user=deputy, incident=question.incident).count() == 1
