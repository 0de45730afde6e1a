"""An owner's own requests, and what became of the footage given: all of it in words, and nothing of the case (R9)."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.canvasses.links import token_for
from registry.footage.models import Evidence, RetentionCategory
from registry.footage.services import retention
from registry.incidents.services import incidents
from registry.people.services import registrants
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, REASON, north_of, person, registrant_at, request_at
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import PICTURE, announced, back_then, deleted, ended, old_footage

pytestmark = pytest.mark.django_db

OUTCOME = re.compile(r"arrest|suspect|convict|charged|solved|outcome|case closed|incident is closed", re.IGNORECASE)


def make_world() -> Registrant:
    """Return somebody who registered long ago."""
    with back_then():
        return registrant_at()


@pytest.fixture
def registrant(world: Registrant) -> Registrant:
    return world


@pytest.fixture
def resident(world: Registrant) -> User:
    """Their account."""
    return world.user


def text(browser: Client, name: str, *arguments: object) -> str:
    answer = browser.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheList:
    def test_it_has_every_request_and_those_that_wait_stand_first(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        waiting = request_at("sent", registrant=registrant)
        others = [request_at(state, registrant=registrant) for state in ("none", "declined", "withdrawn", "expired")]
        page = text(resident_client, "own_requests")
        assert all(page.index(waiting.number) < page.index(other.number) for other in others)
        for sentence in [
            "Waits for your answer until",
            "You answered that you have no footage.",
            "You preferred not to give footage. No deputy was told.",
            "This request was taken back.",
            "ended without an answer",
        ]:
            assert sentence in page
        assert reverse("reply", args=[token_for(waiting)]) in page

    def test_it_says_how_many_files_came(self, registrant: Registrant, resident_client: Client) -> None:
        asked = request_at("sent", registrant=registrant)
        assert "We received" not in text(resident_client, "own_requests")
        given(asked, content=PICTURE, name="porch.jpg")
        assert "We received one file from you." in text(resident_client, "own_requests")

    def test_it_has_nothing_of_others(self, registrant: Registrant, resident_client: Client) -> None:
        other = request_at("sent", registrant=registrant_at(north_of(LINN_PARK, 50)))
        assert other.number not in text(resident_client, "own_requests")

    def test_it_says_what_would_stand_there(self, registrant: Registrant, resident_client: Client) -> None:
        assert "Nobody has asked you yet" in text(resident_client, "own_requests")

    def test_it_is_in_spanish(self, registrant: Registrant, resident_client: Client) -> None:
        request_at("declined", registrant=registrant)
        resident_client.cookies["django_language"] = "es"
        page = text(resident_client, "own_requests")
        assert "Usted prefirió no dar grabaciones." in page
        assert "You " not in page

    def test_its_queries_do_not_grow_with_it(
        self, registrant: Registrant, resident_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for state in ("sent", "none", "declined"):
            request_at(state, registrant=registrant)
        with django_assert_max_num_queries(11):
            text(resident_client, "own_requests")

    def test_the_profile_leads_there(self, registrant: Registrant, resident_client: Client) -> None:
        assert f'href="{reverse("own_requests")}"' in text(resident_client, "profile")


class TestWhatBecameOfIt:
    def test_of_a_file_that_is_kept(self, registrant: Registrant, resident_client: Client) -> None:
        file = given(request_at("sent", registrant=registrant), content=PICTURE, name="porch.jpg")
        for page in (
            text(resident_client, "own_request", file.request_id),
            text(resident_client, "own_receipt", file.request_id),
        ):
            for told in [
                "porch.jpg",
                file.number,
                file.sha256,
                "Kept until",
                str(timezone.localtime(file.kept_until).year),
                "14 days before",
            ]:
                assert told in page
        assert "certutil" in text(resident_client, "own_request", file.request_id)

    def test_of_one_whose_deletion_is_announced(self, registrant: Registrant, resident_client: Client) -> None:
        file = announced(old_footage(registrant=registrant))
        assert "It will be deleted on" in text(resident_client, "own_request", file.request_id)

    def test_of_one_on_hold_without_the_reason(self, registrant: Registrant, resident_client: Client) -> None:
        file = old_footage(registrant=registrant)
        retention.place_hold(incident=file.request.incident, reason=REASON, by=person(Role.SUPERVISOR))
        page = text(resident_client, "own_request", file.request_id)
        assert "Kept longer because of a legal hold" in page
        assert "On hold" in page
        assert REASON not in page

    def test_of_a_deleted_one(self, registrant: Registrant, resident_client: Client) -> None:
        file = ended(old_footage(registrant=registrant))
        assert "Being deleted now" in text(resident_client, "own_request", file.request_id)
        stone = deleted(file)
        page = text(resident_client, "own_request", stone.request_id)
        assert "the time to keep it was over" in page
        assert stone.sha256 in page
        assert "porch.jpg" not in page

    def test_nothing_says_how_the_incident_went_on(self, registrant: Registrant, resident_client: Client) -> None:
        file = given(request_at("sent", registrant=registrant), content=PICTURE, name="porch.jpg")
        incident, by = file.request.incident, person(Role.SUPERVISOR)
        worse = RetentionCategory.objects.get(name__startswith="Homicide")
        retention.classify_evidence(evidence=file, category=worse, reason=REASON, by=by)
        retention.place_hold(incident=incident, reason=f"{REASON} A suspect was charged.", by=by)
        incidents.close(incident=incident, by=incident.opened_by)
        for name in ("own_request", "own_receipt"):
            page = text(resident_client, name, file.request_id)
            assert not OUTCOME.search(page)
            assert "Homicide" not in page
        assert not OUTCOME.search(text(resident_client, "own_requests"))
        assert "https://sheriff.example/news" in text(resident_client, "own_request", file.request_id)

    def test_it_is_the_owners_alone(
        self, registrant: Registrant, other_resident: User, other_resident_client: Client
    ) -> None:
        file = given(request_at("sent", registrant=registrant), content=PICTURE, name="porch.jpg")
        registrant_at(north_of(LINN_PARK, 5_000), user=other_resident)
        for name in ("own_request", "own_receipt", "answer"):
            for pk in (file.request_id, uuid4()):
                assert other_resident_client.get(reverse(name, args=[pk])).status_code == 404


class TestLeaving:
    def test_under_a_hold_it_says_until_when_before_and_after(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        held = given(request_at("sent", registrant=registrant), content=PICTURE, name="porch.jpg")
        given(request_at("sent", registrant=registrant), content=PICTURE, name="yard.jpg")
        retention.place_hold(incident=held.request.incident, reason=REASON, by=person(Role.SUPERVISOR))
        before = text(resident_client, "leave")
        after = resident_client.post(reverse("leave"), follow=True).content.decode()
        for page in (before, after):
            assert "A legal hold is on it: it is kept until the hold ends" in page
            assert "longer if a court or the law requires it" in page
            assert REASON not in page
        assert Evidence.objects.count() == 2
        assert not Registrant.objects.exists()

    def test_the_message_says_the_same(self, registrant: Registrant) -> None:
        held = old_footage(registrant=registrant)
        retention.place_hold(incident=held.request.incident, reason=REASON, by=person(Role.SUPERVISOR))
        left = registrants.leave(registrant=registrant, by=registrant.user)
        assert [(number, on_hold) for number, on_hold, _until in left.days] == [(1, True)]
        assert type(left).of_facts(left.facts()) == left
