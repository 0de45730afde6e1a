"""The list of the log by keys: folded lines, an entry at the side, days chosen in the picture, parts taken away."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from tests.audit.console.conftest import write
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE, Size
from tests.browser.window import Window
from tests.people import make_person

pytestmark = pytest.mark.browser

REPEATED = 5


@pytest.fixture
def auditor(portal_db: object) -> User:
    return make_person(Role.AUDITOR, "mika@sheriff.example", name="Mika Brandt")


@pytest.fixture
def sightings(portal_db: object) -> list[AuditEntry]:
    """Return entries of one search, newest first, with one refusal before them."""
    refused = write(Event.ACT_REFUSED, outcome="refused", subject=Subject("page", "audit"))
    found = [write(Event.CAMERA_SHOWN, subject=Subject("camera", f"{number}")) for number in range(REPEATED)]
    return [*found[::-1], refused]


def at_the_log(open_window: OpenWindow, auditor: User, *, size: Size = DESKTOP, query: str = "", **how: bool) -> Window:
    desk = open_window("auditor", size=size, **how)
    desk.is_signed_in_as(auditor)
    desk.open(f"/console/audit/?actor_role=deputy{query}")
    desk.comes_to("Audit log")
    return desk


def row_of(desk: Window, entry: AuditEntry) -> Locator:
    return desk.page.locator(f"#entry-{entry.pk}")


def test_repeated_sightings_are_one_line_that_unfolds(
    open_window: OpenWindow, auditor: User, sightings: list[AuditEntry]
) -> None:
    desk = at_the_log(open_window, auditor)
    expect(row_of(desk, sightings[0])).to_be_visible()
    expect(row_of(desk, sightings[1])).to_be_hidden()
    heights = desk.page.evaluate("[...document.querySelectorAll('.log-table tbody tr')].map(row => row.offsetHeight)")
    assert {height for height in heights if height} == {32}
    button = desk.page.get_by_role("button", name=f"+ {REPEATED - 1} alike")
    button.focus()
    desk.page.keyboard.press("Enter")
    expect(row_of(desk, sightings[1])).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    desk.looks()


def test_without_script_every_line_is_there(
    open_window: OpenWindow, auditor: User, sightings: list[AuditEntry]
) -> None:
    desk = at_the_log(open_window, auditor, script=False)
    for entry in sightings:
        expect(row_of(desk, entry)).to_be_visible()
    expect(desk.page.locator(".log-table__fold").first).to_be_hidden()


def test_keys_go_through_the_list_and_open_an_entry_beside_it(
    open_window: OpenWindow, auditor: User, sightings: list[AuditEntry]
) -> None:
    desk = at_the_log(open_window, auditor)
    desk.page.get_by_role("region", name="Entries, newest first").focus()
    for key in ("j", "j", "k", "j"):
        desk.page.keyboard.press(key)
    refused = sightings[-1]
    expect(row_of(desk, refused).locator("th a")).to_be_focused()
    desk.page.keyboard.press("Enter")
    side = desk.page.get_by_role("region", name="The entry at the side")
    expect(side).to_contain_text(f"Entry {refused.pk}")
    expect(side).to_be_focused()
    desk.looks()
    opened = AuditEntry.objects.filter(event=Event.ENTRY_OPENED, subject_id=str(refused.pk))
    assert opened.count() == 1
    desk.page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    expect(row_of(desk, refused).locator("th a")).to_be_focused()
    assert desk.page.url.endswith(f"?actor_role=deputy#entry-{refused.pk}")


def test_a_key_in_a_field_is_a_letter(open_window: OpenWindow, auditor: User, sightings: list[AuditEntry]) -> None:
    desk = at_the_log(open_window, auditor)
    field = desk.page.get_by_label("Search the log", exact=True)
    field.focus()
    desk.page.keyboard.type("jk")
    expect(field).to_have_value("jk")
    expect(desk.page.locator(".log-table [aria-current]")).to_have_count(0)


def test_on_a_phone_an_entry_has_its_page(open_window: OpenWindow, auditor: User, sightings: list[AuditEntry]) -> None:
    desk = at_the_log(open_window, auditor, size=PHONE)
    row_of(desk, sightings[0]).locator("th a").tap()
    desk.arrives(f"Entry {sightings[0].pk}")
    desk.page.go_back()
    desk.arrives("Audit log")
    assert "actor_role=deputy" in desk.page.url


def test_days_are_dragged_across_the_picture(
    open_window: OpenWindow, auditor: User, sightings: list[AuditEntry]
) -> None:
    desk = at_the_log(open_window, auditor)
    picture = desk.page.locator("[data-brush]")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    middle, right = box["y"] + box["height"] / 2, box["x"] + box["width"] - 4
    desk.page.mouse.move(right, middle)
    expect(desk.page.locator("[data-said]")).to_contain_text(f": {len(sightings)}")
    desk.page.mouse.down()
    desk.page.mouse.move(right - 6, middle)
    desk.page.mouse.up()
    today = f"{timezone.localdate():%Y-%m-%d}"
    expect(desk.page.get_by_label("To day", exact=True)).to_have_value(today)
    expect(desk.page).to_have_url(re.compile(f"until={today}"))  # the field has it before the page is asked for
    assert "actor_role=deputy" in desk.page.url
    desk.looks()


def test_a_part_of_the_search_is_taken_away(
    open_window: OpenWindow, auditor: User, sightings: list[AuditEntry]
) -> None:
    desk = at_the_log(open_window, auditor, query="&outcome=refused")
    expect(desk.page.locator(".log-table tbody tr")).to_have_count(1)
    desk.follow("Without Outcome: refused")
    expect(desk.page.locator(".log-table tbody tr")).to_have_count(REPEATED + 1)
    desk.follow("Without Role: deputy")
    expect(desk.page).to_have_url(f"{desk.url}/console/audit/")
