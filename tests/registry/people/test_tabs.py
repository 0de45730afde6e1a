"""The five tabs of a profile: who has which, where old links lead, and that no tab shows another person's rows."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, north_of, person, registrant_at, request_at
from tests.integration.cores.devices import active, business_at
from tests.people import sign_in
from tests.shop.orders import orders

pytestmark = pytest.mark.django_db

OF_EVERYBODY = ["profile", "looks", "profile_account"]
OF_A_BUSINESS = ["profile", "looks", "devices", "orders", "profile_account"]


def page_of(browser: Client, name: str) -> str:
    return unescape(browser.get(reverse(name)).content.decode())


def tabs_on(page: str) -> list[str]:
    (bar,) = re.findall(r'<ul class="tabs">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', bar)


@pytest.mark.parametrize(("is_business", "names"), [(False, OF_EVERYBODY), (True, OF_A_BUSINESS)])
def test_each_tab_has_an_address_and_says_that_it_is_open(is_business: bool, names: list[str]) -> None:
    owner = business_at() if is_business else registrant_at()
    browser = sign_in(owner.user)
    for name in names:
        page = page_of(browser, name)
        assert tabs_on(page) == [reverse(each) for each in names]
        bar = page[page.index('<ul class="tabs">') :]
        (current,) = re.findall(r'href="([^"]+)" aria-current="page"', bar[: bar.index("</ul>")])
        assert current == reverse(name)


@pytest.mark.parametrize("name", ["devices", "orders"])
def test_a_resident_who_types_the_address_of_a_tab_of_businesses_is_refused(name: str) -> None:
    answer = sign_in(registrant_at().user).get(reverse(name))
    assert (answer.status_code, "Businesses" in answer.content.decode()) == (403, True)


def test_a_business_without_any_reads_what_would_appear() -> None:
    browser = sign_in(business_at().user)
    assert "You have no CORE" in page_of(browser, "devices")
    assert "You have no orders" in page_of(browser, "orders")


@pytest.mark.parametrize("name", OF_EVERYBODY)
def test_without_a_registration_each_leads_to_registering(name: str) -> None:
    assert sign_in(person()).get(reverse(name)).headers["Location"] == reverse("register_you")


def test_no_tab_shows_rows_of_another() -> None:
    core = active().core
    owner = core.registrant
    assert owner is not None
    number = orders.placed(orders.drafted(owner=owner)).number
    request = request_at("sent", registrant=owner)
    Camera.objects.filter(premises__registrant=owner).update(name="Only theirs")
    theirs = [owner.reference, owner.name, core.serial, number, request.number, request.incident.number, "Only theirs"]
    neighbor = business_at(north_of(LINN_PARK, 5_000))
    Registrant.objects.filter(pk=neighbor.pk).update(name="Next Door")
    mine, others = (" ".join(page_of(sign_in(each.user), name) for name in OF_A_BUSINESS) for each in (owner, neighbor))
    assert [row for row in theirs if row not in mine] == []
    assert [row for row in theirs if row in others] == []


def test_an_old_link_to_a_part_that_moved_finds_its_tab() -> None:
    page = page_of(sign_in(business_at().user), "profile")
    bar = page[page.index('<ul class="tabs">') :]
    found = {
        anchor: href
        for item in re.findall(r"<li>(.*?)</li>", bar[: bar.index("</ul>")], re.DOTALL)
        for href in re.findall(r'href="([^"]+)"', item)
        for anchor in re.findall(r'id="([^"]+)"', item)
    }
    assert found == {
        "looks-heading": reverse("looks"),
        "devices-heading": reverse("devices"),
        "own_sharing-heading": reverse("devices"),
        "orders-heading": reverse("orders"),
        "returns-heading": reverse("orders"),
        "contact-heading": reverse("profile_account"),
        "data-heading": reverse("profile_account"),
        "other-counties-heading": reverse("profile_account"),
    }
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {"waiting-heading", "shared-heading", "latest-heading", "places-heading", "requests-heading"} - {*ids} == {
        "waiting-heading"
    }


def test_who_looked_reads_the_same_after_a_decline_as_after_silence() -> None:
    def read(owner: Registrant) -> tuple[list[str], list[list[str]]]:
        browser = sign_in(owner.user)
        days = browser.get(reverse("looks")).context["days"]
        words = [[line.words for line in day.lines] for day in days]
        return tabs_on(page_of(browser, "profile")), words

    declines, is_silent = registrant_at(), registrant_at()
    asked = request_at("sent", registrant=declines)
    assert FootageRequest.objects.filter(canvass=asked.canvass, registrant=is_silent).exists()
    requests.decline(request=asked, by=declines.user.actor)
    assert read(declines) == read(is_silent)
