"""The middle of a canvass is where a deputy names a place, with script or without."""

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.streets import finding
from registry.canvasses.models.canvasses import Canvass
from registry.incidents.models.incidents import Incident
from tests.factories import incident_at, north_of
from tests.registry.canvasses.test_canvass_pages import drawn
from tests.streets.conftest import southside  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("southside")]


@pytest.fixture
def incident(southside: object, deputy: User) -> Incident:  # noqa: F811
    """Return an incident in the town."""
    return incident_at(finding.find("20th St S & 11th Ave S")[0].point, by=deputy)


def search(browser: Client, incident: Incident, **changes: object) -> str:
    """Send the form; return the page that says what is wrong, "" where nothing is."""
    answer = browser.post(reverse("canvass_new", args=[incident.pk]), drawn(incident, **changes))
    return "" if answer.status_code == 302 else answer.content.decode()


def test_a_place_that_is_named_moves_the_middle(deputy_client: Client, incident: Incident) -> None:
    assert search(deputy_client, incident, place="2100 block of 10th Ave S") == ""
    there = finding.find("2100 block of 10th Ave S")[0].point
    assert Canvass.objects.get().area.center.distance_m(there) < 1


def test_a_pin_that_was_moved_itself_stays(deputy_client: Client, incident: Incident) -> None:
    pin = north_of(incident.point, 150)
    moved = {"latitude": pin.latitude, "longitude": pin.longitude}
    assert search(deputy_client, incident, place="2100 block of 10th Ave S", **moved) == ""
    assert Canvass.objects.get().area.center.distance_m(pin) < 1


def test_no_place_leaves_the_middle_at_the_incident(deputy_client: Client, incident: Incident) -> None:
    assert search(deputy_client, incident, place="") == ""
    assert Canvass.objects.get().area.center.distance_m(incident.point) < 1


def test_a_place_that_is_nowhere_is_said_and_nothing_is_searched(deputy_client: Client, incident: Incident) -> None:
    assert "We don&#x27;t know this place." in search(deputy_client, incident, place="99999 Nowhere Lane")
    assert not Canvass.objects.exists()


def test_a_place_that_could_be_several_is_answered_with_them(deputy_client: Client, incident: Incident) -> None:
    page = search(deputy_client, incident, place="1308 14th")
    assert "We can&#x27;t tell which place this is." in page
    assert "1308 14th Ave S, Birmingham 35205; 1308 14th St S, Birmingham 35205" in page
    assert not Canvass.objects.exists()
