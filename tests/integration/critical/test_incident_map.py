"""The map of an incident: its areas with two numbers each, the declared circle, and no camera that needs an entry."""

import json
import re
from typing import Any

import pytest
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses, requests
from tests.factories import draft_of, registrant_at
from tests.integration.clips.clipping import asked
from tests.integration.critical.scenes import Scene, scene
from tests.people import sign_in

pytestmark = pytest.mark.django_db

SHOWN = {Event.CAMERA_SHOWN, Event.CAMERA_FOUND, Event.VIEW_OFFERED}


def page_of(made: Scene, *, by: Any = None) -> str:
    """Return what the incident's page says."""
    browser = sign_in(by or made.deputy)
    return browser.get(reverse("incident", args=[made.incident.pk])).content.decode()


def areas_of(page: str) -> list[dict[str, Any]]:
    """Return the areas that the page hands to its map."""
    found = re.search(r'<script id="areas" type="application/json">(.*?)</script>', page)
    assert found
    areas: list[dict[str, Any]] = json.loads(found[1])
    return areas


def test_a_canvass_is_its_area_and_two_numbers() -> None:
    made = scene(critical=False)
    owners = [registrant_at() for _ in range(3)]
    sent = canvasses.send(canvass=draft_of(made.incident, by=made.deputy), by=made.deputy)
    none, declined = (FootageRequest.objects.get(registrant=owner, canvass=sent) for owner in owners[:2])
    requests.answer_none(request=none, by=link_actor(none))
    requests.decline(request=declined, by=link_actor(declined))
    asked = FootageRequest.objects.filter(canvass=sent).count()
    page = page_of(made)
    [area] = areas_of(page)
    assert area["label"] == f"{asked} asked, 1 replied"
    assert (area["center"], area["radius"], area["corners"]) == ([sent.latitude, sent.longitude], sent.radius_m, [])
    assert f'<li id="{area["id"]}">' in page


def test_what_nobody_sent_says_so() -> None:
    made = scene(critical=False)
    registrant_at()
    draft_of(made.incident, by=made.deputy)
    [area] = areas_of(page_of(made))
    assert (area["kind"], area["label"]) == ("prepared", "Prepared")


def test_the_declared_circle_counts_the_connected_cameras_for_people_who_work_there() -> None:
    made = scene()
    assert made.declaration is not None
    page = page_of(made)
    [area] = areas_of(page)
    assert (area["kind"], area["radius"]) == ("declared", made.declaration.radius_m)
    assert "1 connected camera" in page
    assert reverse("incident_live", args=[made.incident.pk]) in page
    elsewhere = page_of(made, by=made.supervisor)
    assert areas_of(elsewhere)[0]["kind"] == "declared"
    assert "connected camera" not in elsewhere


def test_an_owner_asked_by_name_is_a_number_of_the_circle_and_no_place() -> None:
    made = scene()
    clip = asked(made)
    canvass = clip.request.canvass
    page = page_of(made)
    [circle] = areas_of(page)
    assert circle["kind"] == "declared"
    assert circle["label"] == "1 asked by name, 0 replied"
    assert circle["label"] in page.split('id="declared"')[1]
    requests.decline(request=clip.request, by=link_actor(clip.request))
    assert areas_of(page_of(made)) == [circle]
    table = sign_in(made.deputy).get(reverse("incident_canvasses", args=[made.incident.pk])).text
    assert "one camera" in table
    assert reverse("canvass", args=[canvass.pk]) in table


def test_it_names_no_camera_and_so_writes_no_sighting() -> None:
    made = scene()
    registrant_at()
    canvasses.send(canvass=draft_of(made.incident, by=made.deputy), by=made.deputy)
    before = AuditEntry.objects.filter(event__in=SHOWN).count()
    page = page_of(made)
    assert AuditEntry.objects.filter(event__in=SHOWN).count() == before
    for private in (made.camera.pk, made.camera.camera_id, made.camera.camera.premises_id):
        assert str(private) not in page


def test_a_circle_that_has_ended_is_gone() -> None:
    assert areas_of(page_of(scene(critical=False))) == []
