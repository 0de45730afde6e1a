"""All of it works in a browser without script."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from registry.canvasses.models import Canvass
from registry.footage.models import Evidence
from registry.places.models import Premises
from tests.browser import deputies, residents
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import PHONE
from tests.factories import LINN_PARK, incident_at

pytestmark = pytest.mark.browser

RESIDENT = "ana@people.example"


@pytest.mark.long
def test_registering_asking_and_giving_need_no_script(
    open_window: OpenWindow, mailbox: Mailbox, recording: Path, deputy: User
) -> None:
    home = open_window("resident", size=PHONE, script=False)
    residents.signs_up(home, mailbox, RESIDENT)
    residents.registers(home, pin=LINN_PARK)
    assert Premises.objects.get().precision == "pinned"

    desk = open_window("deputy", script=False)
    deputies.signs_in(desk, deputy)
    incident = incident_at(by=deputy)
    desk.open(f"/console/incidents/{incident.pk}/canvasses/new/")
    expect(desk.page.locator(".map-slider")).to_be_hidden()
    desk.fill("Radius in feet", "660")
    desk.fill("Reason", deputies.REASON)
    desk.page.get_by_label("Purpose").select_option(label=deputies.PURPOSE)
    desk.press("Search this area")
    desk.arrives("Canvass")
    desk.press("Send to 1 owner")
    desk.reads("No reply yet")

    phone = open_window("link", size=PHONE, script=False)
    phone.open(mailbox.request_link_for(RESIDENT))
    phone.follow("Give footage")
    phone.page.locator("input[type=file]").set_input_files(recording)
    phone.press("Send the files")
    residents.looks_and_gives(phone)
    sha256 = hashlib.sha256(recording.read_bytes()).hexdigest()
    assert mailbox.wait_for(RESIDENT, sha256) == sha256
    assert Evidence.objects.get().sha256 == sha256

    desk.page.reload()
    deputies.looks_at_a_reply(desk)
    assert deputies.downloads(desk) == sha256
    desk.open(f"/console/canvasses/{Canvass.objects.get().pk}/")
    desk.press("Close this canvass")
    expect(desk.page.locator("main .usa-tag").first).to_have_text("Closed")
