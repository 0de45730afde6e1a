"""The map of the start page: open incidents that this person may see, areas and circles, no camera and no home."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.incidents.services import incidents
from registry.places.models import Premises
from tests.factories import LINN_PARK, RADIUS_M, canvass_at, incident_at, north_of, person
from tests.integration.critical.scenes import scene
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def drawn(user: User) -> tuple[list[Any], list[Any]]:
    """Return the places and areas that the map of a person draws."""
    page = sign_in(user).get(reverse("console")).content.decode()
    found = [
        re.findall(rf'<script id="{each}" type="application/json">(.*?)</script>', page) for each in ("places", "areas")
    ]
    (places,), (areas,) = found
    return json.loads(places), json.loads(areas)


def numbers(user: User) -> set[str]:
    return {place["label"].partition(" ")[0] for place in drawn(user)[0]}


def test_a_deputy_sees_their_own_and_a_supervisor_all_that_are_open(deputy: User, supervisor: User) -> None:
    own, other, closed = incident_at(by=deputy), incident_at(), incident_at(by=deputy)
    incidents.close(incident=closed, by=deputy)
    assert numbers(deputy) == {own.number}
    assert numbers(supervisor) == {own.number, other.number}


@pytest.mark.parametrize("role", ["auditor", "clerk", "administrator", "reviewer"])
def test_others_have_no_map(role: str) -> None:
    incident_at()
    page = sign_in(person(role)).get(reverse("console")).content.decode()
    assert "data-map" not in page
    assert drawn(person(role)) == ([], [])


def test_areas_are_drawn_and_no_camera_and_no_home(deputy: User) -> None:
    incident = incident_at(north_of(LINN_PARK, 100), by=deputy)
    canvass_at("sent", cameras=3, incident=incident, by=deputy)
    places, areas = drawn(deputy)
    assert [(place["lat"], place["lon"]) for place in places] == [(incident.latitude, incident.longitude)]
    assert [(area["radius"], area["id"], area["label"]) for area in areas] == [
        (RADIUS_M, f"incident-{incident.pk}", "")
    ]
    page = sign_in(deputy).get(reverse("console")).content.decode()
    for home in Premises.objects.all():
        assert str(home.latitude) not in page
        assert home.street not in page


def test_a_critical_incident_has_its_circle(supervisor: User) -> None:
    made = scene()
    [circle] = [area for area in drawn(made.deputy)[1] if area["kind"] == "declared"]
    assert circle["id"] == f"incident-{made.incident.pk}"
    assert made.declaration is not None
    assert circle["radius"] == made.declaration.radius_m
    assert drawn(person("deputy"))[1] == []


def test_rows_and_what_is_drawn_bear_one_name(deputy: User) -> None:
    incident = incident_at(verified=False, by=deputy)
    page = sign_in(deputy).get(reverse("console")).content.decode()
    [place] = drawn(deputy)[0]
    assert place["url"] == reverse("incident", args=[incident.pk])
    assert page.count(f'data-lights="{place["id"]}"') == 2  # its row, and that of the second list


def test_its_queries_do_not_grow_with_incidents(deputy: User) -> None:
    counted = []
    for _round in range(2):
        canvass_at("sent", incident=incident_at(by=deputy), by=deputy)
        browser = sign_in(deputy)
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("console"))
        counted.append(len(captured))
    assert counted[0] == counted[1]
