"""An auditor finds things by what people say: a day, a name, a kind of entry, numbers, several at once."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.dateformat import format as formatted
from playwright.sync_api import expect

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.incidents.models import Incident
from tests.audit.console.conftest import write
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE, Size
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.factories import incident_at
from tests.people import make_person

pytestmark = pytest.mark.browser

LEAST_ROWS = 12
ROWS = ".log-table tbody tr"


@pytest.fixture
def auditor(portal_db: Clone) -> User:
    return make_person(Role.AUDITOR, "mika@sheriff.example", name="Mika Brandt")


@pytest.fixture
def dana(portal_db: Clone) -> User:
    return make_person(Role.DEPUTY, "dana@sheriff.example", name="Dana Whitfield")


@pytest.fixture
def incident(dana: User) -> Incident:
    return incident_at(by=dana, number="2026-000303")


def at_the_log(open_window: OpenWindow, auditor: User, *, size: Size = DESKTOP, script: bool = True) -> Window:
    desk = open_window("auditor", size=size, script=script)
    desk.is_signed_in_as(auditor)
    desk.open("/console/audit/")
    desk.comes_to("Audit log")
    return desk


def search(desk: Window, words: str) -> None:
    desk.fill("Search the log", words)
    desk.press("Search")
    desk.comes_to("Audit log")


def finds(desk: Window, entries: list[AuditEntry]) -> None:
    """Wait until exactly these lines are on the page, newest first."""
    ids = [f"entry-{entry.pk}" for entry in sorted(entries, key=lambda each: -each.pk)]
    expect(desk.page.locator(ROWS)).to_have_count(len(ids))
    assert desk.page.locator(ROWS).evaluate_all("rows => rows.map(row => row.id)") == ids


def dated(portal_db: Clone, moments: dict[int, datetime]) -> None:
    """Date entries by id, and the older ones before them all."""
    with portal_db.connect() as superuser:
        superuser.execute("SET event_triggers = off")
        superuser.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse")
        superuser.execute("UPDATE audit_entry SET at = at - interval '1 year' WHERE id < %s", [min(moments)])
        for pk, at in moments.items():
            superuser.execute("UPDATE audit_entry SET at = %s WHERE id = %s", [at, pk])


def test_the_first_rows_are_on_the_first_screen(open_window: OpenWindow, auditor: User, dana: User) -> None:
    for number in range(LEAST_ROWS + 8):
        write(actor=dana.actor, subject=Subject("incident", f"{number}"), reason=f"{number}")
    desk = at_the_log(open_window, auditor)
    assert (desk.size.width, desk.size.height) == (1280, 900)
    for words in ("", f"{dana.pseudonym} last 30 days"):
        search(desk, words)
        bottoms = desk.page.locator(ROWS).evaluate_all("rows => rows.map(row => row.getBoundingClientRect().bottom)")
        assert sum(0 < bottom <= desk.size.height for bottom in bottoms) >= LEAST_ROWS
        desk.looks()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_day_is_found_as_people_say_it(
    open_window: OpenWindow, auditor: User, dana: User, portal_db: Clone, script: bool
) -> None:
    today = timezone.localtime().replace(hour=12, minute=0)
    before, there, after = (write(actor=dana.actor) for _time in range(3))
    then = today - timedelta(days=3)
    two = timedelta(days=2)
    dated(portal_db, {before.pk: then - two, there.pk: then, after.pk: then + two})
    desk = at_the_log(open_window, auditor, script=script)
    for words in (formatted(then, "M j"), formatted(then, "F j"), f"last {then:%A}", f"{then:%Y-%m-%d}"):
        search(desk, words)
        finds(desk, [there])
        expect(desk.page.get_by_role("list", name="Searched for")).to_contain_text(formatted(then, "D, N j, Y"))


def test_people_kinds_and_numbers_are_found_one_by_one_and_together(
    open_window: OpenWindow, auditor: User, dana: User, incident: Incident
) -> None:
    other = make_person(Role.DEPUTY, "lee@sheriff.example", name="Lee Ortiz")
    on_it = write(Event.CANVASS_SENT, actor=dana.actor, incident=str(incident.pk), subject=Subject("canvass", "1"))
    elsewhere = write(Event.CANVASS_SENT, actor=dana.actor, subject=Subject("canvass", "2"))
    of_other = write(Event.CANVASS_SENT, actor=other.actor, incident=str(incident.pk), subject=Subject("canvass", "3"))
    opened = list(AuditEntry.objects.filter(event=Event.INCIDENT_OPENED))
    refused = write(Event.ACT_REFUSED, actor=other.actor, outcome="refused", subject=Subject("page", "audit"))
    code = dana.pseudonym.rpartition(" ")[2]
    desk = at_the_log(open_window, auditor)
    for words, entries in (
        ("Dana Whitfield", [*opened, on_it, elsewhere]),
        ("whitfield", [*opened, on_it, elsewhere]),
        ("canvass", [on_it, elsewhere, of_other]),
        (f"{code} 2026-000303", [*opened, on_it]),
        (f"2026-000303 {code.lower()}", [*opened, on_it]),
        ("canvass by Dana Whitfield today", [on_it, elsewhere]),
        ("refused", [refused]),
    ):
        search(desk, words)
        finds(desk, entries)
        assert "hitfield" not in desk.page.url
    desk.looks()


def test_a_person_who_does_not_exist_is_said_with_what_to_try(
    open_window: OpenWindow, auditor: User, dana: User
) -> None:
    write(actor=dana.actor)
    desk = at_the_log(open_window, auditor)
    search(desk, "Jordan Smithe canvass")
    desk.reads("No match for “Jordan Smithe”")
    desk.reads("first name, last name")
    expect(desk.page.locator(ROWS)).to_have_count(0)
    assert desk.page.url.endswith("/console/audit/")
    desk.looks()
    desk.follow("Without Jordan Smithe")
    expect(desk.page).to_have_url(re.compile(r"\?word=canvass$"))


def test_a_chip_takes_its_part_of_the_search_away(
    open_window: OpenWindow, auditor: User, dana: User, incident: Incident
) -> None:
    desk = at_the_log(open_window, auditor, size=PHONE)
    search(desk, f"{dana.pseudonym} 2026-000303")
    desk.looks()
    desk.follow(f"Without {dana.pseudonym}")
    expect(desk.page).to_have_url(re.compile(r"\?word=2026-000303$"))
    desk.follow("Without Incident 2026-000303")
    expect(desk.page).to_have_url(f"{desk.url}/console/audit/")


def test_an_entry_opens_beside_its_row_far_down_the_list(open_window: OpenWindow, auditor: User, dana: User) -> None:
    written = [write(actor=dana.actor, reason=f"{number}") for number in range(40)]
    desk = at_the_log(open_window, auditor)
    row = desk.page.locator(f"#entry-{written[4].pk}")
    row.locator("th a").scroll_into_view_if_needed()
    row.locator("th a").click()
    side = desk.page.get_by_role("region", name="The entry at the side")
    expect(side).to_contain_text(f"Entry {written[4].pk}")
    line, panel = row.bounding_box(), side.bounding_box()
    assert line is not None
    assert panel is not None
    assert panel["x"] >= line["x"] + line["width"]
    assert panel["y"] <= line["y"]
    assert line["y"] + line["height"] <= panel["y"] + panel["height"]
    expect(row).to_be_in_viewport()
    expect(side.get_by_role("heading", level=2).first).to_be_in_viewport()
