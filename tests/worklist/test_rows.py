"""Rows of the start page say what, where, who and until when, and carry their act; news leaves once it was opened."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditDetail
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages.acts import IN_PLACE
from fusus_portal.ground.worklist import selectors, services
from fusus_portal.ground.worklist.models import WorkSeen
from fusus_portal.ground.worklist.sources import Source, WorkItem
from registry.canvasses.links import link_actor
from registry.canvasses.services import approvals, requests
from registry.incidents.models import Assignment, Incident
from registry.incidents.presenters.start import OWN_SHOWN, WORK_SHOWN
from registry.incidents.services import incidents, joins
from tests.factories import canvass_at, incident_at, person, request_at
from tests.lifecycle.drivers.joins import asked, colleague
from tests.oversight.review.reviewing import QUESTION, asked as asked_about, drawn, searches
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given

pytestmark = pytest.mark.django_db

NEW = ">New</span>"


def start(user: User) -> str:
    return sign_in(user).get(reverse("console")).content.decode()


def row_of(page: str, words: str) -> str:
    """Return the one row with these words."""
    rows = [str(row) for row in re.findall(r"<li id=\"work-.*?</li>", page, re.DOTALL)]
    [found] = [row for row in rows if words in row]
    return found


def item_of(user: User, tag: str) -> WorkItem:
    [found] = [item for item in selectors.waiting_for(user) if item.tag == tag]
    return found


class TestWhatTheySay:
    def test_an_incident_to_verify(self, supervisor: User) -> None:
        incident = incident_at(verified=False)
        row = row_of(start(supervisor), incident.number)
        said = ("Burglary", "Linn Park, 20th Street North", incident.opened_by.name, "closes in 23 h", "To verify")
        assert [words for words in said if words not in row] == []
        assert row.count(f'href="{reverse("incident_call", args=[incident.pk])}"') == 2

    def test_a_canvass_to_approve(self, supervisor: User) -> None:
        canvass = canvass_at("waiting")
        row = row_of(start(supervisor), canvass.incident.number)
        said = (canvass.incident.place, canvass.created_by.name, ">Approve<")
        assert [words for words in said if words not in row] == []
        assert "data-beside" in row

    def test_what_has_no_act_of_its_own_is_a_link_alone(self, deputy: User) -> None:
        incident = incident_at(verified=False, by=deputy)
        row = row_of(start(deputy), incident.number)
        assert ("<button" in row, "data-act" in row) == (False, False)

    def test_an_empty_page_says_what_would_appear_and_has_no_second_list(self, clerk: User, deputy: User) -> None:
        assert "Orders to pack" in start(clerk)
        page = start(deputy)
        assert "New replies" in page
        assert "Your incidents" not in page
        incident_at(by=deputy)
        assert "Your incidents" in start(deputy)

    def test_the_latest_of_many_incidents_are_listed_with_a_link_to_all(self, deputy: User) -> None:
        made = [incident_at(by=deputy).number for _each in range(OWN_SHOWN)]
        assert "All your open incidents" not in start(deputy)
        made.append(incident_at(by=deputy).number)
        page = start(deputy).partition("Your incidents")[2]
        assert [number for number in made if number not in page] == made[:1]
        link = re.search(r'<a href="([^"]+)">All your open incidents<', page)
        assert link
        everything = sign_in(deputy).get(unescape(link[1])).content.decode()
        assert [number for number in made if number not in everything] == []


class TestVerifying:
    @pytest.fixture
    def incident(self) -> Incident:
        return incident_at(verified=False)

    def test_the_call_shows_the_facts_and_is_an_entry(self, incident: Incident, supervisor: User) -> None:
        page = sign_in(supervisor).get(reverse("incident_call", args=[incident.pk])).content.decode()
        said = (incident.place, incident.opened_by.name, "Verify</button>")
        assert [words for words in said if words not in page] == []
        assert entries_of(Event.INCIDENT_VIEWED)[-1].actor_id == str(supervisor.pk)

    def test_a_press_verifies_and_leads_back(self, incident: Incident, supervisor_client: Client) -> None:
        answer = supervisor_client.post(reverse("incident_call", args=[incident.pk]))
        assert (answer.status_code, answer["Location"]) == (302, reverse("console"))
        incident.refresh_from_db()
        assert incident.is_verified

    def test_a_script_gets_the_sentence_for_the_row(self, incident: Incident, supervisor_client: Client) -> None:
        answer = supervisor_client.post(reverse("incident_call", args=[incident.pk]), headers={IN_PLACE: "1"})
        assert answer.content.decode() == f"Verified: {incident.number}."
        assert answer["Content-Type"].startswith("text/plain")
        assert "To verify" not in supervisor_client.get(reverse("console_work")).content.decode()

    def test_it_says_so_if_somebody_was_faster(self, incident: Incident, supervisor_client: Client) -> None:
        incidents.verify(incident=incident, by=person("supervisor"))
        page = supervisor_client.get(reverse("incident_call", args=[incident.pk])).content.decode()
        assert "This incident is already verified." in page
        assert "Verify</button>" not in page
        late = supervisor_client.post(reverse("incident_call", args=[incident.pk]), headers={IN_PLACE: "1"})
        assert late.status_code == 409
        assert re.search(r'class="intro">This incident is already verified\.<', late.content.decode())

    def test_who_opened_it_can_not(self) -> None:
        opener = person("supervisor")
        incident = incident_at(verified=False, by=opener)
        browser = sign_in(opener)
        assert "Verify</button>" not in browser.get(reverse("incident_call", args=[incident.pk])).content.decode()
        assert browser.post(reverse("incident_call", args=[incident.pk])).status_code == 403
        incident.refresh_from_db()
        assert not incident.is_verified


class TestJoining:
    def test_one_press_lets_them_join_and_the_row_says_so(self, deputy: User) -> None:
        question = asked(by=deputy)
        by = colleague("deputy", question)
        row = row_of(start(by), deputy.name)
        [address] = re.findall(r'formaction="([^"]+)"', row)
        assert "data-stays" in row
        answer = sign_in(by).post(address, headers={IN_PLACE: "1"})
        assert answer.content.decode() == f"{deputy.name} works on this incident now."
        assert Assignment.objects.filter(user=deputy, incident=question.incident).exists()
        again = sign_in(colleague("deputy", question)).post(address, headers={IN_PLACE: "1"})
        assert again.status_code == 409

    def test_that_one_joined_leaves_once_it_was_opened(self, deputy: User) -> None:
        question = asked(by=deputy)
        joins.admit(question=question, by=colleague("deputy", question))
        item = item_of(deputy, "You joined")
        browser = sign_in(deputy)
        address = reverse("work_open", args=[item.key])
        assert f'href="{address}"' in row_of(start(deputy), "You joined")
        assert browser.get(address)["Location"] == reverse("incident", args=[question.incident_id])
        assert "You joined" not in start(deputy)

    def test_nobody_opens_the_row_of_another(self, deputy: User) -> None:
        question = asked(by=deputy)
        joins.admit(question=question, by=colleague("deputy", question))
        key = item_of(deputy, "You joined").key
        for made_up in (key, uuid4()):
            answer = sign_in(person("deputy")).get(reverse("work_open", args=[made_up]))
            assert answer["Location"] == reverse("console")
        assert not WorkSeen.objects.filter(opened_at__isnull=False).exists()
        assert item_of(deputy, "You joined").key == key


def test_a_denied_canvass_leaves_once_it_was_opened_and_an_approved_one_when_it_is_sent(deputy: User) -> None:
    denied, approved = canvass_at("waiting"), canvass_at("waiting")
    supervisor = person("supervisor")
    approvals.deny(canvass=denied, by=supervisor, note="Draw it around the alley alone.")
    approvals.grant(canvass=approved, by=supervisor)
    for canvass, stays in ((denied, False), (approved, True)):
        by = canvass.created_by
        services.read(item=item_of(by, canvass.__class__.objects.get(pk=canvass.pk).get_state_display()), by=by)
        assert bool([item for item in selectors.waiting_for(by) if item.of == canvass.incident]) is stays


class TestReplies:
    @pytest.mark.django_db(transaction=True)  # a look is a transaction of its own
    def test_play_is_recorded_with_the_reason_that_the_row_shows_and_the_reply_is_seen(self, deputy: User) -> None:
        file = given(request_at("sent", by=deputy))
        reason = file.request.canvass.reason
        row = row_of(start(deputy), "1 new reply")
        [address] = re.findall(r'formaction="([^"]+)"', row)
        assert (address, f"Reason: {reason}" in row) == (reverse("evidence", args=[file.pk]), True)
        assert sign_in(deputy).post(address, {"reason": reason}).status_code == 302
        entry = entries_of(Event.EVIDENCE_VIEWED)[-1]
        assert AuditDetail.objects.get(digest=bytes(entry.reason_digest or b"")).text == reason
        assert "new reply" not in start(deputy)

    def test_a_reply_without_a_file_leads_to_the_replies(self, deputy: User) -> None:
        request = request_at("none", by=deputy)
        row = row_of(start(deputy), "1 new reply")
        assert "<button" not in row
        assert f'href="{reverse("incident_replies", args=[request.incident_id])}"' in row

    def test_rows_and_what_is_new_are_the_same_after_a_decline_as_after_silence(self, deputy: User) -> None:
        declined, silent = canvass_at("sent", cameras=2, by=deputy), canvass_at("sent", cameras=2, by=deputy)
        for canvass in (declined, silent):
            first = canvass.requests.order_by("number")[0]
            requests.answer_none(request=first, by=link_actor(first))
        last = declined.requests.order_by("number")[1]
        requests.decline(request=last, by=link_actor(last))
        page = start(deputy)
        rows = [row_of(page, each.incident.number) for each in (declined, silent)]
        plain = [
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", row).replace(each.incident.number, "")
            for row, each in zip(rows, (declined, silent), strict=True)
        ]
        assert plain[0] == plain[1]
        assert "1 new reply" in plain[0]


class TestNew:
    def test_a_row_is_new_until_it_was_seen(self, supervisor: User) -> None:
        first = incident_at(verified=False)
        assert NEW in row_of(start(supervisor), first.number)
        with time_machine.travel(timezone.now() + timedelta(minutes=1)):
            second = incident_at(verified=False)
            page = start(supervisor)
            assert NEW not in row_of(page, first.number)
            assert NEW in row_of(page, second.number)

    def test_the_part_keeps_the_marks_of_its_page_and_is_no_look(self, supervisor: User) -> None:
        browser, first = sign_in(supervisor), incident_at(verified=False)
        page = browser.get(reverse("console")).content.decode()
        [address] = re.findall(r'data-refresh="([^"]+)"', page)
        later = incident_at(verified=False)
        for _round in range(2):
            part = browser.get(address).content.decode()
            assert [NEW in row_of(part, each.number) for each in (first, later)] == [True, True]

    @pytest.mark.parametrize("since", ["", "soon", "-5", "9" * 40])
    def test_a_made_up_moment_does_not_count(self, supervisor: User, since: str) -> None:
        incident = incident_at(verified=False)
        start(supervisor)
        part = sign_in(supervisor).get(reverse("console_work"), {"since": since}).content.decode()
        assert NEW not in row_of(part, incident.number)

    def test_a_thing_that_waits_anew_is_new_again(self, supervisor: User) -> None:
        incident = incident_at(verified=False)
        services.see(items=selectors.waiting_for(supervisor), by=supervisor)
        Incident.objects.filter(pk=incident.pk).update(opened_at=timezone.now() - timedelta(hours=1))
        items = selectors.waiting_for(supervisor)
        assert selectors.new_among(items, supervisor) == {item.key for item in items}

    def test_what_was_seen_long_ago_is_forgotten(self, supervisor: User) -> None:
        incident_at(verified=False)
        services.see(items=selectors.waiting_for(supervisor), by=supervisor)
        assert services.forget() == 0
        with time_machine.travel(timezone.now() + services.KEPT + timedelta(days=1)):
            assert services.forget() == 1


def test_an_auditor_s_question_is_a_row_of_the_person_asked_alone(deputy: User) -> None:
    searches(3, by=deputy)
    question = asked_about(drawn().cards.order_by("place")[0])
    row = row_of(start(question.person), "An auditor asks you something")
    assert row.count(f'href="{reverse("review_question", args=[question.pk])}"') == 2
    assert QUESTION not in row
    assert "An auditor asks you something" not in start(person("deputy"))


class TestFourHundredRows:
    @pytest.fixture
    def _many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = [WorkItem("To do", "warn", f"Row {number}", f"/console/{number}/") for number in range(400)]
        source = Source(name="many", permission=Permission.FULFILMENT, find=lambda _user: made)
        monkeypatch.setattr(selectors, "sources", [source])

    @pytest.mark.usefixtures("_many")
    def test_the_first_are_listed_the_rest_is_counted_and_only_what_was_shown_is_seen(self, clerk: User) -> None:
        with CaptureQueriesContext(connection) as first:
            page = start(clerk)
        assert page.count('<li id="work-') == WORK_SHOWN
        assert "400 things wait for you" in page
        assert f"And {400 - WORK_SHOWN} more." in page
        assert WorkSeen.objects.count() == WORK_SHOWN
        assert len(first) < 40
