"""The pages on which a supervisor delays what an owner reads: open to the right supervisor, within the promise."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from registry.access_log import services
from registry.access_log.models import LookDelay
from registry.canvasses.services import canvasses
from tests.people import sign_in
from tests.registry.access_log.delays import DELAY_REASON, Case, case_of, delayed
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db
WANTED = {"days": 30, "reason": DELAY_REASON}


def make_world() -> Case:
    """Return what a supervisor may delay."""
    return case_of()


@pytest.fixture
def case(world: Case) -> Case:
    return world


@pytest.fixture
def browser(case: Case) -> Client:
    return sign_in(case.supervisor)


def new(case: Case) -> str:
    return reverse("look_delay_new", args=[case.incident.pk, case.camera.pk])


class TestPlacingOne:
    def test_it_begins_at_the_row_of_a_camera(self, case: Case, browser: Client) -> None:
        page = browser.get(reverse("canvass", args=[case.canvass.pk])).content.decode()
        assert new(case) in page
        deputy = sign_in(case.canvass.created_by).get(reverse("canvass", args=[case.canvass.pk])).content.decode()
        assert new(case) not in deputy

    def test_the_page_of_the_incident_leads_a_supervisor_to_all(self, case: Case, browser: Client) -> None:
        page, delays = (reverse(name, args=[case.incident.pk]) for name in ("incident", "look_delays"))
        assert delays in browser.get(page).content.decode()
        assert delays not in sign_in(case.canvass.created_by).get(page).content.decode()

    def test_it_is_placed_and_stands_in_the_list(self, case: Case, browser: Client) -> None:
        assert browser.get(new(case)).status_code == 200
        answer = browser.post(new(case), WANTED)
        assert answer["Location"] == reverse("look_delays", args=[case.incident.pk])
        page = browser.get(answer["Location"]).content.decode()
        assert case.camera.name in page
        assert case.supervisor.pseudonym in page
        assert case.registrant.name not in page
        assert case.camera.premises.street not in page
        assert len(entries_of(Event.LOOKS_DELAYED)) == 1
        assert entries_of(Event.INCIDENT_VIEWED, case.incident)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"days": 31}, "at most 30 days"),
            ({"days": 0}, "at least 1"),
            ({"days": "x"}, "whole number"),
            ({"reason": "investigation"}, "does not say why"),
        ],
    )
    def test_what_goes_beyond_the_promise_is_refused(
        self, case: Case, browser: Client, wrong: dict[str, object], said: str
    ) -> None:
        page = browser.post(new(case), {**WANTED, **wrong})
        assert said in page.content.decode()
        assert not LookDelay.objects.exists()

    def test_others_are_refused(self, case: Case, supervisor_client: Client, deputy_client: Client) -> None:
        for stranger in (supervisor_client, deputy_client, sign_in(case.canvass.created_by)):
            for answer in (stranger.get(new(case)), stranger.post(new(case), WANTED)):
                assert answer.status_code == 403
        assert not LookDelay.objects.exists()

    def test_nobody_can_be_named_whom_no_canvass_showed(self, case: Case, browser: Client) -> None:
        for address in (
            reverse("look_delay_new", args=[case.incident.pk, uuid4()]),
            reverse("look_delay_new", args=[uuid4(), case.camera.pk]),
        ):
            assert browser.post(address, WANTED).status_code == 404

    def test_an_owner_who_was_asked_knows_already(self, case: Case, browser: Client) -> None:
        canvasses.send(canvass=case.canvass, by=case.canvass.created_by)
        assert browser.get(new(case)).status_code == 409
        assert browser.post(new(case), WANTED).status_code == 409

    def test_it_asks_for_a_fresh_proof_of_who_this_is(self, case: Case) -> None:
        browser = sign_in(case.supervisor, second_factor=True)
        session = browser.session
        session["account_authentication_methods"] = [
            {**record, "at": record["at"] - 3600} for record in session["account_authentication_methods"]
        ]
        session.save()
        assert browser.post(new(case), WANTED).status_code == 302
        assert not LookDelay.objects.exists()


class TestRenewingAndEnding:
    def test_it_is_renewed_once(self, case: Case, browser: Client) -> None:
        first = delayed(case, days=5)
        address = reverse("look_delay_renew", args=[first.pk])
        assert address in browser.get(reverse("look_delays", args=[case.incident.pk])).content.decode()
        assert "counts from now" not in browser.get(address).content.decode()
        wanted = {"days": 30, "reason": f"{DELAY_REASON} He has not been found yet."}
        assert "at most 30 days" in browser.post(address, {**wanted, "days": 31}).content.decode()
        assert browser.post(address, wanted).status_code == 302
        second = LookDelay.objects.get(number=2)
        for pk in (first.pk, second.pk):
            assert browser.post(reverse("look_delay_renew", args=[pk]), wanted).status_code == 409
        assert LookDelay.objects.count() == 2
        assert "Renewed until" in browser.get(reverse("look_delays", args=[case.incident.pk])).content.decode()

    def test_it_is_ended_once_that_is_confirmed(self, case: Case, browser: Client) -> None:
        placed = delayed(case)
        address = reverse("look_delay_end", args=[placed.pk])
        assert "at once" in browser.get(address).content.decode()
        placed.refresh_from_db()
        assert placed.ended_at is None
        assert browser.post(address).status_code == 302
        assert browser.post(address).status_code == 409
        assert "Over since" in browser.get(reverse("look_delays", args=[case.incident.pk])).content.decode()

    def test_the_list_says_when_the_owner_was_asked(self, case: Case, browser: Client) -> None:
        delayed(case)
        canvasses.send(canvass=case.canvass, by=case.canvass.created_by)
        assert "the owner was asked" in browser.get(reverse("look_delays", args=[case.incident.pk])).content.decode()

    def test_no_page_of_a_deputy_tells_of_it(self, case: Case, deputy: User) -> None:
        services.end_delay(delay=delayed(case), by=case.supervisor)
        browser = sign_in(case.canvass.created_by)
        for name, pk in (("incident", case.incident.pk), ("canvass", case.canvass.pk)):
            page = browser.get(reverse(name, args=[pk])).content.decode()
            assert "delay" not in page.lower()
        assert browser.get(reverse("look_delays", args=[case.incident.pk])).status_code == 403

    def test_an_empty_list_says_how_one_begins(self, case: Case, browser: Client) -> None:
        assert (
            "No owner is kept waiting" in browser.get(reverse("look_delays", args=[case.incident.pk])).content.decode()
        )

    def test_one_that_is_none_is_not_found(self, browser: Client) -> None:
        for name in ("look_delay_renew", "look_delay_end"):
            assert browser.get(reverse(name, args=[uuid4()])).status_code == 404
