"""A canvass in a dense quarter: 5,000 owners are asked in one act, and 3,000 cameras are looked at by the page."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.models import Canvass, FootageRequest, LeftOut
from registry.canvasses.services import canvasses
from registry.canvasses.services.findings import CAMERAS_A_PAGE, CELL_M
from tests.database.clone import Clone
from tests.factories import canvass_at, draft_of, incident_at, person
from tests.people import sign_in
from tests.registry.canvasses.many import LINE_M, register_many
from tests.registry.entries import entries_of

OWNERS, CAMERAS = 5000, 3000
LARGEST_BYTES = 200_000

pytestmark = pytest.mark.django_db


@pytest.mark.long
def test_five_thousand_owners_are_asked_in_one_act() -> None:
    register_many(OWNERS)
    canvass = draft_of(incident_at())
    assert canvasses.show(canvass=canvass, by=canvass.created_by).owners == OWNERS
    with CaptureQueriesContext(connection) as captured:
        canvasses.send(canvass=canvass, by=canvass.created_by)
    assert len(captured) <= 40
    assert FootageRequest.objects.count() == OWNERS
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST).count() == OWNERS
    assert len(set(FootageRequest.objects.values_list("number", flat=True))) == OWNERS
    canvasses.close(canvass=canvass, by=canvass.created_by)
    assert set(FootageRequest.objects.values_list("state", flat=True)) == {"withdrawn"}


@pytest.fixture
def large(portal_db: Clone) -> Canvass:
    """Return a draft that finds them all."""
    portal_db.begin_with("thousands", _draft)
    return Canvass.objects.get()


def _draft() -> None:
    register_many(CAMERAS)
    draft_of(incident_at(by=person("deputy")))


@pytest.fixture
def browser(large: Canvass) -> Client:
    """Return the browser of the deputy who searched."""
    return sign_in(large.created_by)


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
def test_three_thousand_cameras_are_shown_by_the_page(large: Canvass, browser: Client, is_sent: bool) -> None:
    if is_sent:
        canvasses.send(canvass=large, by=large.created_by)
        assert FootageRequest.objects.count() == CAMERAS  # all are asked, whatever was looked at
    seen: list[str] = []
    for query in ("", "?page=2", "?page=60"):
        before = len(entries_of(Event.CAMERA_SHOWN))
        page = page_of(large, browser, query)
        cameras = shown(page)
        assert len(cameras) == CAMERAS_A_PAGE
        assert sorted(entry.camera_id for entry in entries_of(Event.CAMERA_SHOWN)[before:]) == sorted(cameras)
        assert len(page.content) <= LARGEST_BYTES
        seen += cameras
    assert len(set(seen)) == 3 * CAMERAS_A_PAGE
    assert "Page 60 of 60" in page.content.decode()
    if not is_sent:
        assert re.search(r"Send to 3,?000 owners", page.content.decode())


def test_the_map_has_dots_for_the_page_at_hand_and_numbers_for_the_rest(large: Canvass, browser: Client) -> None:
    page = page_of(large, browser, "?page=2")
    dots = [place for place in marked(page) if place["kind"] == "camera"]
    numbers = [place for place in marked(page) if place["kind"] == "count"]
    assert {place["id"] for place in dots} == {f"camera-{camera}" for camera in shown(page)}
    assert sum(place["count"] for place in numbers) == CAMERAS - CAMERAS_A_PAGE
    assert 2 <= len(numbers) <= LINE_M / CELL_M + 2
    assert not any(place["id"] for place in numbers)


def test_the_link_to_the_next_page_is_before_and_after_the_list(large: Canvass, browser: Client) -> None:
    text = page_of(large, browser, "?page=2").content.decode()
    above, rest = text.split("<tbody>")
    below = rest.partition("</tbody>")[2]
    assert above.count("page=3") == below.count("page=3") == 1


def test_few_cameras_are_one_page_without_numbers(deputy: User, deputy_client: Client) -> None:
    page = page_of(canvass_at("draft", cameras=3, by=deputy), deputy_client)
    assert {place["kind"] for place in marked(page)} == {"camera"}
    assert "usa-pagination" not in page.content.decode()


@pytest.mark.parametrize("query", ["?page=61", "?page=0", "?page=-1", "?page=x", "?page=" + "9" * 30])
def test_a_page_that_is_not_there_is_one_that_is(large: Canvass, browser: Client, query: str) -> None:
    assert len(shown(page_of(large, browser, query))) == CAMERAS_A_PAGE


def test_as_many_queries_as_for_thirty(deputy: User, deputy_client: Client) -> None:
    counted = []
    for number in (30, CAMERAS - 30):
        register_many_more(number)
        canvass = draft_of(incident_at(by=deputy))
        with CaptureQueriesContext(connection) as captured:
            page_of(canvass, deputy_client)
        counted.append(len(captured))
    assert counted[0] == counted[1]


def register_many_more(owners: int) -> None:
    """Register owners beside those that are there."""
    register_many(owners, first=User.objects.count())


def test_leaving_out_leads_back_to_the_page(large: Canvass, browser: Client) -> None:
    address = reverse("canvass_leave_out", args=[large.pk])
    camera = shown(page_of(large, browser, "?page=3"))[0]
    answer = browser.post(address, {"cameras": camera, "why": LeftOut.Why.VIEW, "page": "3"})
    assert answer.headers["Location"] == reverse("canvass", args=[large.pk]) + "?page=3"
    assert LeftOut.objects.count() == 1
    again = page_of(large, browser, "?page=3").content.decode()
    assert "1 camera is left out." in again
    evil = browser.post(address, {"cameras": camera, "why": LeftOut.Why.VIEW, "page": "//evil.example"})
    assert evil.headers["Location"] == reverse("canvass", args=[large.pk])
