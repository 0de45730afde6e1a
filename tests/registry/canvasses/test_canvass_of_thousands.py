"""A canvass in a dense quarter: 5,000 owners are asked in one act, hundreds of cameras are looked at by the page."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.models import Canvass, FootageRequest, LeftOut
from registry.canvasses.services import canvasses
from registry.canvasses.services.searches import CAMERAS_A_PAGE, CELL_M
from tests.factories import LARGE_RADIUS_M, LINN_PARK, draft_of, incident_at, north_of, person
from tests.people import sign_in
from tests.registry.canvasses.many import LINE_M, register_at, register_many
from tests.registry.entries import entries_of

OWNERS, CAMERAS, LAST = 5000, 600, 12
LARGEST_BYTES = 200_000
APART = north_of(LINN_PARK, 2 * LARGE_RADIUS_M)
"""So far that no search of one place finds the other."""

pytestmark = pytest.mark.django_db


@pytest.mark.long
def test_five_thousand_owners_are_asked_in_one_act(world: Canvass) -> None:
    register_many(OWNERS - CAMERAS, first=CAMERAS)
    canvass = draft_of(incident_at(by=world.created_by))
    assert canvasses.show(canvass=canvass, by=canvass.created_by).owners == OWNERS
    with CaptureQueriesContext(connection) as captured:
        canvasses.send(canvass=canvass, by=canvass.created_by)
    assert len(captured) <= 40
    assert FootageRequest.objects.count() == OWNERS
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST).count() == OWNERS
    assert len(set(FootageRequest.objects.values_list("number", flat=True))) == OWNERS
    canvasses.close(canvass=canvass, by=canvass.created_by)
    assert set(FootageRequest.objects.values_list("state", flat=True)) == {"withdrawn"}


def make_world() -> Canvass:
    """Return a draft that finds them all."""
    register_many(CAMERAS)
    return draft_of(incident_at(by=person("deputy")))


@pytest.fixture
def browser(world: Canvass) -> Client:
    """Return the browser of the deputy who searched."""
    return sign_in(world.created_by)


def page_of(canvass: Canvass, browser: Client, query: str = "") -> Any:
    return browser.get(reverse("canvass", args=[canvass.pk]) + query)


def shown(page: Any) -> list[str]:
    """Return the cameras of a page's list."""
    return re.findall(r'id="camera-([0-9a-f-]{36})"', page.content.decode())


def marked(page: Any) -> list[dict[str, Any]]:
    """Return what is on a page's map."""
    found = re.search(r'id="places" type="application/json">(.*?)</script>', page.content.decode())
    assert found is not None
    return list(json.loads(found[1]))


@pytest.mark.parametrize("is_sent", [False, True], ids=["draft", "sent"])
def test_hundreds_of_cameras_are_shown_by_the_page(world: Canvass, browser: Client, is_sent: bool) -> None:
    if is_sent:
        canvasses.send(canvass=world, by=world.created_by)
        assert FootageRequest.objects.count() == CAMERAS  # all are asked, whatever was looked at
    page = look_at_three_pages(world, browser, LAST)
    if not is_sent:
        assert f"Send to {CAMERAS} owners" in page


@pytest.mark.long
@pytest.mark.parametrize("is_sent", [False, True], ids=["draft", "sent"])
def test_three_thousand_cameras_are_shown_by_the_page(world: Canvass, browser: Client, is_sent: bool) -> None:
    register_many(3000 - CAMERAS, first=CAMERAS)
    large = draft_of(incident_at(by=world.created_by))
    if is_sent:
        canvasses.send(canvass=large, by=world.created_by)
        assert FootageRequest.objects.count() == 3000
    page = look_at_three_pages(large, browser, 60)
    if not is_sent:
        assert re.search(r"Send to 3,?000 owners", page)


def look_at_three_pages(canvass: Canvass, browser: Client, last: int) -> str:
    """Look at the first, the second and the last page of a canvass, each with its entries; return the last."""
    seen: list[str] = []
    for query in ("", "?page=2", f"?page={last}"):
        before = len(entries_of(Event.CAMERA_SHOWN))
        page = page_of(canvass, browser, query)
        cameras = shown(page)
        assert len(cameras) == CAMERAS_A_PAGE
        assert sorted(entry.camera_id for entry in entries_of(Event.CAMERA_SHOWN)[before:]) == sorted(cameras)
        assert len(page.content) <= LARGEST_BYTES
        seen += cameras
    assert len(set(seen)) == 3 * CAMERAS_A_PAGE
    text: str = page.content.decode()
    assert f"Page {last} of {last}" in text
    return text


def test_the_map_has_dots_for_the_page_at_hand_and_numbers_for_the_rest(world: Canvass, browser: Client) -> None:
    page = page_of(world, browser, "?page=2")
    dots = [place for place in marked(page) if place["kind"] == "camera"]
    numbers = [place for place in marked(page) if place["kind"] == "count"]
    assert {place["id"] for place in dots} == {f"camera-{camera}" for camera in shown(page)}
    assert sum(place["count"] for place in numbers) == CAMERAS - CAMERAS_A_PAGE
    assert 2 <= len(numbers) <= LINE_M / CELL_M + 2
    assert not any(place["id"] for place in numbers)


def test_the_link_to_the_next_page_is_before_and_after_the_list(world: Canvass, browser: Client) -> None:
    text = page_of(world, browser, "?page=2").content.decode()
    above, rest = text.split("<tbody>")
    below = rest.partition("</tbody>")[2]
    assert above.count("page=3") == below.count("page=3") == 1


def few_cameras(world: Canvass, number: int) -> Canvass:
    """Return a draft of the same deputy that finds a number of cameras elsewhere."""
    register_at([north_of(APART, meters) for meters in range(number)], first=CAMERAS)
    return draft_of(incident_at(APART, by=world.created_by))


def test_few_cameras_are_one_page_without_numbers(world: Canvass, browser: Client) -> None:
    page = page_of(few_cameras(world, 3), browser)
    assert {place["kind"] for place in marked(page)} == {"camera"}
    assert "usa-pagination" not in page.content.decode()


@pytest.mark.parametrize("query", [f"?page={LAST + 1}", "?page=0", "?page=-1", "?page=x", "?page=" + "9" * 30])
def test_a_page_that_is_not_there_is_one_that_is(world: Canvass, browser: Client, query: str) -> None:
    assert len(shown(page_of(world, browser, query))) == CAMERAS_A_PAGE


def test_as_many_queries_as_for_thirty(world: Canvass, browser: Client) -> None:
    counted = []
    for canvass in (few_cameras(world, 30), world):
        with CaptureQueriesContext(connection) as captured:
            page_of(canvass, browser)
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_leaving_out_leads_back_to_the_page(world: Canvass, browser: Client) -> None:
    address = reverse("canvass_leave_out", args=[world.pk])
    camera = shown(page_of(world, browser, "?page=3"))[0]
    answer = browser.post(address, {"cameras": camera, "why": LeftOut.Why.VIEW, "page": "3"})
    assert answer.headers["Location"] == reverse("canvass", args=[world.pk]) + "?page=3"
    assert LeftOut.objects.count() == 1
    again = page_of(world, browser, "?page=3").content.decode()
    assert "1 camera is left out." in again
    evil = browser.post(address, {"cameras": camera, "why": LeftOut.Why.VIEW, "page": "//evil.example"})
    assert evil.headers["Location"] == reverse("canvass", args=[world.pk])
