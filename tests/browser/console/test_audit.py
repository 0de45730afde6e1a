"""The auditor's story: find a deputy's views of one camera, open one, verify it, take the month along, and prove it."""

import re
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.canvasses.services import canvasses
from registry.places.models import Camera
from registry.places.services import premises
from tests.audit.ledger.conftest import ORIGIN
from tests.audit.ledger.outsider import Outsider, outsider
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE, Size
from tests.browser.test_keyboard import enters, tabs_to
from tests.browser.window import Window
from tests.factories import CAPITOL, LINN_PARK, draft_of, incident_at, north_of, place_at, registrant_at
from tests.people import make_person
from tests.sealed_log import SealedLog

__all__ = ["outsider"]

pytestmark = pytest.mark.browser

STREET = "600 20th Street North"


@pytest.fixture
def auditor(portal_db: object) -> User:
    return make_person(Role.AUDITOR, "mika@sheriff.example", name="Mika Brandt")


@pytest.fixture
def camera(deputy: User, supervisor: User, portal_db: object) -> Camera:
    """Return one of two cameras that a deputy saw, and a supervisor too."""
    registrant = registrant_at(LINN_PARK)
    premises.add(registrant=registrant, by=registrant.user, place=place_at(north_of(LINN_PARK, 90), address=CAPITOL))
    for by in (deputy, supervisor, deputy):
        canvasses.show(canvass=draft_of(incident_at(by=by), by=by), by=by)
    return Camera.objects.get(premises__registrant=registrant)


@pytest.fixture
def desk(request: pytest.FixtureRequest, open_window: OpenWindow, auditor: User) -> Window:
    """Return an auditor's window at the log."""
    return given_an_auditor_at_the_log(open_window, auditor, request.param)


@pytest.mark.parametrize("desk", [DESKTOP], indirect=True, ids=["desktop"])
def test_an_auditor_finds_and_checks_an_entry_at_the_side(
    desk: Window, deputy: User, camera: Camera, sealed_log: SealedLog
) -> None:
    sealed_log.seal()
    when_they_search_for_a_deputys_views_of_a_camera(desk, deputy)
    when_they_open_one_and_check_it(desk, deputy)
    then_the_way_back_leads_to_its_line_of_their_search(desk, deputy)


@pytest.mark.parametrize("desk", [PHONE], indirect=True, ids=["phone"])
def test_an_auditor_finds_verifies_and_takes_along(
    desk: Window, deputy: User, camera: Camera, sealed_log: SealedLog, outsider: Outsider
) -> None:
    sealed_log.seal()
    when_they_search_for_a_deputys_views_of_a_camera(desk, deputy)
    when_they_open_one_and_check_it(desk, deputy)
    then_the_way_back_leads_to_its_line_of_their_search(desk, deputy)
    taken = when_they_take_the_month_along(desk, outsider.folder)
    then_the_downloaded_verifier_proves_it(desk, taken, str(sealed_log.signer.verifier), outsider)


def given_an_auditor_at_the_log(open_window: OpenWindow, auditor: User, size: Size) -> Window:
    desk = open_window("auditor", size=size)
    desk.is_signed_in_as(auditor)
    desk.open("/console/audit/")
    desk.arrives("Audit log")
    return desk


def when_they_search_for_a_deputys_views_of_a_camera(desk: Window, deputy: User) -> None:
    desk.fill("Search the log", f"{deputy.pseudonym} {STREET}")
    desk.page.get_by_text("Filters", exact=True).click()
    desk.page.get_by_label("What was done").select_option(Event.CAMERA_SHOWN.value)
    desk.press("Show")
    then_they_read_what_was_understood(desk, deputy)
    lines = desk.page.locator(".log-table tbody tr")
    expect(lines).to_have_count(2)
    for line in lines.all():
        expect(line).to_contain_text(deputy.pseudonym)
        expect(line).to_contain_text(str(Event.CAMERA_SHOWN.sentence))
    desk.looks()


def then_they_read_what_was_understood(desk: Window, deputy: User) -> None:
    chips = desk.page.get_by_role("list", name="Searched for")
    for words in (deputy.pseudonym, f"1 camera at {STREET}", str(Event.CAMERA_SHOWN.sentence)):
        expect(chips.locator("strong", has_text=words)).to_be_visible()
    assert "20th" not in desk.page.url


def when_they_open_one_and_check_it(desk: Window, deputy: User) -> None:
    desk.page.locator(".log-table tbody th a").first.click()
    if desk.size is DESKTOP:
        side = desk.page.get_by_role("region", name="The entry at the side")
        expect(side).to_contain_text("Publicly checkable from")
        desk.looks()
    else:
        desk.arrives("Entry")
    desk.reads(deputy.pseudonym)
    desk.reads("Publicly checkable from")
    desk.press("Check now")
    desk.arrives("Entry")
    desk.reads("This entry is what was sealed")
    expect(desk.page.locator(".verdict-steps")).not_to_contain_text("NO")


def then_the_way_back_leads_to_its_line_of_their_search(desk: Window, deputy: User) -> None:
    [number] = re.findall(r"/audit/(\d+)/", desk.page.url)
    desk.page.locator(".back-link", has_text="Back to the search").click()
    desk.arrives("Audit log")
    then_they_read_what_was_understood(desk, deputy)
    expect(desk.page.locator(".log-table tbody tr")).to_have_count(2)
    assert desk.page.url.endswith(f"#entry-{number}")
    expect(desk.page.locator(f"#entry-{number}")).to_be_in_viewport()


def when_they_take_the_month_along(desk: Window, folder: Path) -> Path:
    desk.open(f"/console/audit/?word={timezone.localdate():%Y-%m}")
    desk.arrives("Audit log")
    desk.follow("Export these entries")
    desk.arrives("Export entries")
    desk.page.get_by_text("The sealed bytes (JSON Lines)").click()
    with desk.page.expect_download() as download:
        desk.press("Download")
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


def then_the_downloaded_verifier_proves_it(desk: Window, taken: Path, key: str, outsider: Outsider) -> None:
    """Download the verifier as anybody can, and run it on the file without anything else of ours."""
    program = outsider.folder / "verifier.py"
    program.write_bytes(desk.page.request.get(f"{desk.url}/ledger/verifier.py").body())
    code, lines = outsider.verify(program, taken, "--key", key)
    assert code == 0, lines
    with zipfile.ZipFile(taken) as archive:
        count = archive.read("entries.jsonl").count(b"\n")
    assert lines == [f"All {count} entries are in the log {ORIGIN}, as its key signed them among {count} places."]


def test_the_log_is_searched_saved_and_printed_by_keyboard(
    open_window: OpenWindow, auditor: User, camera: Camera
) -> None:
    desk = given_an_auditor_at_the_log(open_window, auditor, DESKTOP)
    tabs_to(desk, "Search the log")
    desk.page.keyboard.type("today")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("list", name="Searched for")).to_be_visible()
    desk.fill("Name of this search", "What happened today")
    desk.press("Save this search")
    desk.reads("Saved as")
    desk.looks()
    desk.follow("What happened today")
    expect(desk.page.get_by_role("list", name="Searched for")).to_be_visible()
    desk.follow("Export these entries")
    desk.arrives("Export entries")
    desk.page.get_by_text("On paper (PDF)").click()
    enters(desk, "Download")
    desk.arrives("Print of the log")
    expect(desk.link("Download the PDF")).to_be_visible(timeout=60_000)
    desk.looks()
    with desk.page.expect_download() as download:
        desk.follow("Download the PDF")
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_a_search_without_a_find_helps_on(open_window: OpenWindow, auditor: User) -> None:
    desk = given_an_auditor_at_the_log(open_window, auditor, DESKTOP)
    desk.fill("Search the log", "the grey van")
    desk.press("Search")
    desk.reads("No match for “grey van”")
    desk.looks()
    desk.follow("Empty the search")
    desk.arrives("Audit log")
