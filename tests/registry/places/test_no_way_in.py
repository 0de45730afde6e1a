"""Promise R2 over HTTP: whatever a person may write, on whichever page, the way to watch a camera is taken nowhere."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.people.services import registrants
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant, RegistrationDraft
from tests.factories import registrant_at
from tests.people import sign_in
from tests.registry.other_counties.elsewhere import AVONDALE
from tests.registry.people.test_registration import PLACE, YOU, cards, fill
from tests.registry.places.test_place_pages import ADDRESS

pytestmark = pytest.mark.django_db

WAY_IN = "rtsp://10.0.0.9/live"
TYPED = re.compile(r'<(?:input type="(?:text|tel|email|search|url)"|textarea)[^>]* name="([^"]+)"')
CANNOT_HOLD_ONE = {"state", "zip_code"}
"""Two letters, and five digits."""

Page = Callable[[Camera], tuple[str, dict[str, str]]]
BEGUN: dict[str, dict[str, str]] = {
    "register_you": YOU,
    "register_place": PLACE,
    "register_cameras": cards({"name": "Front door"}, go_on="1"),
}
OWN: dict[str, Page] = {
    "contact": lambda camera: (reverse("contact"), YOU),
    "camera": lambda camera: (reverse("camera", args=[camera.pk]), {"name": "Door"}),
    "camera_new": lambda camera: (reverse("camera_new", args=[camera.premises_id]), {"name": "Yard"}),
    "premises": lambda camera: (reverse("premises", args=[camera.premises_id]), {"kind": "home"}),
    "premises_new": lambda camera: (reverse("premises_new"), ADDRESS),
    "premises_move": lambda camera: (
        reverse("premises_move", args=[camera.premises_id]),
        {"kind": "home", **asdict(AVONDALE)},
    ),
}


def written() -> Iterator[str]:
    """Yield all that is kept of what people wrote: rows, unfinished registrations, and sessions."""
    for model in (Registrant, Premises, Camera, RegistrationDraft):
        yield from (str(row) for row in model.objects.values())
    yield from (json.dumps(session.get_decoded()) for session in Session.objects.all())


def takes_none(browser: Client, address: str, typed: dict[str, str]) -> set[str]:
    """Write a way in into each field of a page; return the names of the fields."""
    names = set(TYPED.findall(browser.get(address).content.decode()))
    for name in names - CANNOT_HOLD_ONE:
        answer = browser.post(address, typed | {name: WAY_IN})
        assert answer.status_code == 200, f"{name} of {address} is taken"
        assert not [text for text in written() if "rtsp:" in text], f"{name} of {address} is kept"
    return names


@pytest.mark.parametrize("name", OWN)
def test_no_text_of_a_person_takes_a_way_in(name: str, business: User) -> None:
    registrant = registrant_at(user=business)
    camera = Camera.objects.get(premises__registrant=registrant)
    address, typed = OWN[name](camera)
    assert takes_none(sign_in(business), address, typed)


@pytest.mark.parametrize("step", BEGUN)
def test_no_step_of_registering_takes_one(step: str, business_client: Client) -> None:
    fill(business_client, until=step)
    assert takes_none(business_client, reverse(step), BEGUN[step])
    assert not Registrant.objects.exists()


def test_nor_does_an_owner_who_goes_past_the_pages() -> None:
    registrant = registrant_at()
    with pytest.raises(ValidationError, match="the address of a camera's video"):
        registrants.change(
            registrant=registrant, by=registrant.user, kind="person", name=WAY_IN, phone="205-555-0117", language="en"
        )
