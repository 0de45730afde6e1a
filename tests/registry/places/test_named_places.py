"""A place that is written by name takes its point along, and never leaves it elsewhere unsaid: no script is needed."""

from datetime import datetime
from typing import Any

import pytest
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.finder import search as finder
from registry.canvasses.models import Canvass
from registry.incidents.models import Incident
from tests.factories import REASON, incident_at, north_of, purpose
from tests.streets.town import make_world  # noqa: F401
from tests.typed import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

BLOCK = "2000 block of 11th Avenue South"
NOWHERE = "behind the old mill"


@pytest.fixture
def incident(deputy: User) -> Incident:
    """Return an incident in the town."""
    return incident_at(at(BLOCK), by=deputy)


def at(text: str) -> Point:
    return finder.find_places(text)[0].point


def shown(form: BaseForm) -> dict[str, Any]:
    """Return what a page posts that nobody has touched."""
    values = {name: form[name].value() for name in form.fields}
    return {
        name: typed(timezone.make_aware(value)) if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }


class TestAnIncident:
    def test_its_pin_follows_its_place(self, incident: Incident, deputy_client: Client) -> None:
        page = reverse("incident_change", args=[incident.pk])
        untouched = shown(deputy_client.get(page).context["form"])
        deputy_client.post(page, {**untouched, "place": "1300 block of Cobb Lane South"})
        incident.refresh_from_db()
        assert incident.point.distance_m(at("1300 block of Cobb Ln S")) < 1

    def test_a_pin_that_was_put_elsewhere_stays_there(self, incident: Incident, deputy_client: Client) -> None:
        page = reverse("incident_change", args=[incident.pk])
        untouched = shown(deputy_client.get(page).context["form"])
        there = north_of(incident.point, 60)
        deputy_client.post(page, {**untouched, "place": NOWHERE, "latitude": str(there.latitude)})
        incident.refresh_from_db()
        assert incident.place == NOWHERE
        assert incident.point.distance_m(there) < 1

    def test_a_place_that_nobody_knows_is_asked_about_once(self, incident: Incident, deputy_client: Client) -> None:
        page = reverse("incident_change", args=[incident.pk])
        untouched = shown(deputy_client.get(page).context["form"])
        asked = deputy_client.post(page, {**untouched, "place": NOWHERE}).context["form"]
        assert list(asked.errors) == ["place"]
        deputy_client.post(page, shown(asked))
        before = incident.point
        incident.refresh_from_db()
        assert (incident.place, incident.point) == (NOWHERE, before)

    def test_a_new_one_at_no_known_place_is_told_so_once(self, deputy_client: Client) -> None:
        untouched = shown(deputy_client.get(reverse("incident_new")).context["form"])
        form = deputy_client.post(reverse("incident_new"), {**untouched, "place": NOWHERE}).context["form"]
        assert "We don't know this place." in form.errors["place"][0]
        assert form.errors.keys().isdisjoint({"latitude", "longitude"})


class TestACanvass:
    def test_its_middle_goes_to_an_address(self, incident: Incident, deputy_client: Client) -> None:
        page = reverse("canvass_new", args=[incident.pk])
        deputy_client.post(page, self.asking(page, deputy_client, place="2024 11th Ave S"))
        assert Canvass.objects.get().center.distance_m(at("2024 11th Ave S")) < 1

    def test_an_address_that_is_not_known_is_refused_however_often(
        self, incident: Incident, deputy_client: Client
    ) -> None:
        page = reverse("canvass_new", args=[incident.pk])
        posted = self.asking(page, deputy_client, place=NOWHERE)
        for _ in range(2):
            form = deputy_client.post(page, posted).context["form"]
            assert list(form.errors) == ["place"]
            posted = shown(form)
        assert not Canvass.objects.exists()

    def test_one_of_several_places_is_chosen(self, incident: Incident, deputy_client: Client) -> None:
        page = reverse("canvass_new", args=[incident.pk])
        answer = deputy_client.post(page, self.asking(page, deputy_client, place="9000 20th Street South"))
        form = answer.context["form"]
        choice = form.near[0]
        assert f'value="{choice.address}"' in answer.content.decode()
        deputy_client.post(page, {**shown(form), "meant": choice.address})
        assert Canvass.objects.get().center.distance_m(choice.point) < 1

    def asking(self, page: str, browser: Client, **changes: object) -> dict[str, Any]:
        form = browser.get(page).context["form"]
        return {**shown(form), "purpose": purpose().pk, "reason": REASON, **changes}
