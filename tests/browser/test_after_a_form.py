"""Pages that answer a form at an address that is no page's: Back and a reload lead to the page that has the form."""

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.roles import Role
from tests.browser.conftest import OpenWindow
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.live.streaming import REASON, scene
from tests.shop.parcels import parcels

pytestmark = pytest.mark.browser


def test_back_from_a_view_leads_to_the_cameras_after_a_mistake(open_window: OpenWindow, portal_db: Clone) -> None:
    seen = scene()
    cameras = f"/console/incidents/{seen.incident.pk}/live/"
    window = open_window("deputy")
    window.may_answer = {404, 422}
    window.is_signed_in_as(seen.deputy)
    window.open(cameras)
    for reason, said in (("test", "This does not say why."), (REASON, "Live view")):
        window.page.get_by_label("Why you need to see it now").first.fill(reason)
        window.page.get_by_role("button", name="View live").first.click()
        window.reads(said)
    window.page.go_back()
    window.arrives("See cameras live")
    expect(window.page).to_have_url(f"{window.url}{cameras}")
    expect(window.page.locator("[aria-invalid=true]")).to_have_count(0)


def test_back_to_a_parcel_leads_to_it_after_a_wrong_serial_number(open_window: OpenWindow, portal_db: Clone) -> None:
    shipment = parcels.packed(pieces=0)
    desk = open_window("clerk")
    desk.may_answer = {422}
    desk.is_signed_in_as(person(Role.CLERK))
    address = f"/console/fulfilment/parcels/{shipment.pk}/"
    desk.open(address)
    desk.page.locator("[name=serial]").fill("FC4-00000")
    desk.page.keyboard.press("Enter")
    desk.reads("There is no CORE with the serial number FC4-00000.")
    expect(desk.page).to_have_url(f"{desk.url}{address}")
    desk.open("/console/fulfilment/")
    desk.page.go_back()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text(shipment.number)
    expect(desk.page.get_by_role("alert")).to_have_count(0)
