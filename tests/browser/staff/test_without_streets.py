"""A portal whose streets are not loaded says so, and works by the pin."""

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from registry.incidents.models import Incident
from tests.browser.conftest import OpenWindow
from tests.browser.deputies import NUMBER, REASON
from tests.browser.sizes import DESKTOP
from tests.factories import LINN_PARK, canvass_at, person

pytestmark = pytest.mark.browser

SAID = "No streets are loaded: no address is found, and the map is empty."


def test_it_is_said_where_somebody_can_act_or_searches(open_window: OpenWindow) -> None:
    for role in ("administrator", "supervisor", "deputy"):
        window = open_window(role, size=DESKTOP)
        window.is_signed_in_as(person(role))
        window.open("/console/")
        window.arrives("What waits for you")
        assert (SAID in window.text()) == (role != "deputy")
        expect(window.link("Load streets")).to_have_count(1 if role == "administrator" else 0)
        if role != "administrator":
            window.open("/console/incidents/new/")
            window.reads(SAID)
        window.close()


def test_i_am_here_works_and_no_purpose_is_chosen_beforehand(open_window: OpenWindow, deputy: User) -> None:
    canvass_at("sent")  # the office has asked for something before
    window = open_window("deputy", size=DESKTOP)
    window.is_signed_in_as(deputy)
    window.context.grant_permissions(["geolocation"])
    window.context.set_geolocation({"latitude": LINN_PARK.latitude, "longitude": LINN_PARK.longitude})
    window.open("/console/incidents/new/")
    expect(window.page.locator("[name=purpose]")).to_have_value("")
    window.fill("Incident number", NUMBER)
    window.page.get_by_label("Crime or emergency").select_option(label="Burglary")
    window.fill("Reason", REASON)
    window.press("I am here")
    expect(window.page.locator("[name=latitude]")).to_have_value(f"{LINN_PARK.latitude:.6f}")
    window.press("See who would be asked")
    alert = window.page.get_by_role("alert")
    expect(alert.get_by_role("link")).to_have_text("Choose a purpose. Owners read it in the request.")
    window.press("Open it without asking")
    window.arrives(f"{NUMBER} · Burglary")
    incident = Incident.objects.get(number=NUMBER)
    assert incident.place == "the place on the map"
    assert incident.point.distance_m(LINN_PARK) < 1
