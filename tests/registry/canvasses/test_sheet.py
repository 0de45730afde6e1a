"""The sheet that a deputy prints to go door to door: each address an entry, no answer on it, none after the end."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import requests
from registry.incidents.services import incidents
from registry.people.services import registrants
from registry.places.services.cameras import CameraDetails
from registry.rules import UNVERIFIED_OWNERS
from tests.factories import LINN_PARK, REASON, canvass_at, draft_of, incident_at, person, place_at, registrant_at
from tests.registry.canvasses.many import register_many

pytestmark = pytest.mark.django_db


def address(name: str, canvass: Canvass) -> str:
    return reverse(name, args=[canvass.pk])


def register_at(street: str) -> None:
    """Register a camera at a street address near the incident."""
    registrants.register(
        by=person(),
        kind="person",
        name="Ana Rivera",
        phone="205-555-0117",
        language="en",
        place=place_at(LINN_PARK, address=Address(street, "Birmingham", "AL", "35203")),
        cameras=[CameraDetails(name="Door")],
    )


def test_it_lists_the_addresses_along_the_street_with_room_for_notes(deputy: User, deputy_client: Client) -> None:
    for street in ("1000 20th Street North", "98 20th Street North", "5 Park Place"):
        register_at(street)
    canvass = draft_of(incident_at(by=deputy))
    page = deputy_client.get(address("canvass_sheet", canvass))
    assert [door["address"].split(",")[0] for door in page.context["doors"]] == [
        "98 20th Street North",
        "1000 20th Street North",
        "5 Park Place",
    ]
    assert page.content.decode().count('<td class="sheet__notes">') == 3


def test_an_address_is_one_line_whatever_its_cameras(deputy: User, deputy_client: Client) -> None:
    registrant_at(cameras=3)
    (door,) = deputy_client.get(address("canvass_sheet", draft_of(incident_at(by=deputy)))).context["doors"]
    assert door["cameras"] == ["Camera 1", "Camera 2", "Camera 3"]


def test_it_says_what_for_who_printed_it_and_that_it_is_destroyed(
    deputy: User, supervisor: User, other_deputy: User, other_deputy_client: Client
) -> None:
    canvass = canvass_at("sent", by=deputy)
    incidents.assign(incident=canvass.incident, user=other_deputy, by=supervisor)
    page = other_deputy_client.get(address("canvass_sheet", canvass)).content.decode()
    for part in (
        canvass.incident.number,
        "Burglary",
        REASON,
        other_deputy.pseudonym,
        "Destroy this sheet after use.",
    ):
        assert part in page
    assert timezone.localtime().strftime("%b") in page
    assert deputy.pseudonym not in page


@pytest.mark.parametrize("state", ["draft", "sent"])
def test_each_camera_on_it_is_an_entry_each_time(deputy: User, deputy_client: Client, state: str) -> None:
    canvass = canvass_at(state, cameras=3, by=deputy)
    for _ in range(2):
        deputy_client.get(address("canvass_sheet", canvass))
    shown = AuditEntry.objects.filter(event="registry:camera:show")
    assert (shown.count(), shown.values("camera_id").distinct().count()) == (6, 3)
    assert set(shown.values_list("actor_pseudonym", flat=True)) == {deputy.pseudonym}


def test_a_refusal_looks_like_silence_on_it(deputy: User, deputy_client: Client) -> None:
    canvass = canvass_at("sent", cameras=2, by=deputy)
    before = deputy_client.get(address("canvass_sheet", canvass)).context["doors"]
    for request in FootageRequest.objects.all():
        requests.decline(request=request, by=link_actor(request))
    assert deputy_client.get(address("canvass_sheet", canvass)).context["doors"] == before


def test_the_canvass_leads_to_it_only_while_its_cameras_are_shown(deputy: User, deputy_client: Client) -> None:
    canvass = canvass_at("sent", by=deputy)
    link = f'href="{address("canvass_sheet", canvass)}"'
    assert link in deputy_client.get(address("canvass", canvass)).content.decode()
    deputy_client.post(address("canvass_close", canvass))
    assert link not in deputy_client.get(address("canvass", canvass)).content.decode()


def test_a_closed_canvass_has_none(deputy: User, deputy_client: Client) -> None:
    answer = deputy_client.get(address("canvass_sheet", canvass_at("closed", by=deputy)))
    assert answer.status_code == 409
    assert "600 20th Street North" not in answer.content.decode()
    assert not AuditEntry.objects.filter(event="registry:camera:show").exists()


def test_a_deputy_who_is_not_assigned_finds_none(deputy: User, other_deputy_client: Client) -> None:
    answer = other_deputy_client.get(address("canvass_sheet", canvass_at("draft", by=deputy)))
    assert answer.status_code == 404
    assert not AuditEntry.objects.filter(event="registry:camera:show").exists()


def test_before_verification_there_is_none_of_more_owners_than_may_be_asked(
    deputy: User, supervisor: User, deputy_client: Client
) -> None:
    register_many(UNVERIFIED_OWNERS + 1)
    canvass = canvass_at("draft", cameras=0, incident=incident_at(by=deputy, verified=False))
    refused = deputy_client.get(address("canvass_sheet", canvass))
    assert refused.status_code == 403
    assert "A supervisor must verify this incident" in refused.content.decode()
    assert "600 20th Street North" not in refused.content.decode()
    incidents.verify(incident=canvass.incident, by=supervisor)
    assert "600 20th Street North" in deputy_client.get(address("canvass_sheet", canvass)).content.decode()


def test_an_empty_circle_says_so(deputy: User, deputy_client: Client) -> None:
    page = deputy_client.get(address("canvass_sheet", draft_of(incident_at(by=deputy)))).content.decode()
    assert "No address in this area" in page


@pytest.mark.parametrize("cameras", [1, 150])
def test_it_takes_at_most_thirteen_queries_whatever_is_found(deputy: User, deputy_client: Client, cameras: int) -> None:
    register_many(cameras)
    canvass = canvass_at("draft", cameras=0, by=deputy)
    with CaptureQueriesContext(connection) as captured:
        deputy_client.get(address("canvass_sheet", canvass))
    assert len([row for row in captured if "SAVEPOINT" not in row["sql"]]) <= 13
