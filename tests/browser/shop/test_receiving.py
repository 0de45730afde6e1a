"""A clerk takes a CORE back by keys alone: wrong entries, Back, a mistake taken back; and another person pays."""

import pytest
from playwright.sync_api import FilePayload, expect

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from shop.payments.models import Refund
from shop.returns.models import Return
from tests.browser import accessibility
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import Size
from tests.browser.test_keyboard import enters, types
from tests.browser.window import Window
from tests.factories import person
from tests.shop.returns.returned import accepted, begun, by_check, inspected, labelled, received, snap

pytestmark = pytest.mark.browser

SIZES = [Size("narrow", 390, 844, touch=True), Size("middle", 820, 1180, touch=True), Size("wide", 1280, 900)]
PICTURE: FilePayload = {"name": "core.png", "mimeType": "image/png", "buffer": snap().read()}


@pytest.fixture
def clerk(portal_db: object) -> User:
    """Return a clerk."""
    return person(Role.CLERK)


def at(open_window: OpenWindow, who: User, address: str, size: Size = SIZES[2]) -> Window:
    """Return a window of somebody on a page."""
    window = open_window(f"{who.role}-{size.name}", size=size)
    window.is_signed_in_as(who)
    window.open(address)
    return window


def case_of(back: Return) -> str:
    return f"/console/fulfilment/returns/{back.pk}/"


def presses_back(window: Window) -> None:
    """Follow the link beside the main button, by keys."""
    enters(window, "Back")


def test_a_clerk_takes_a_core_back_by_keys_and_another_person_pays(open_window: OpenWindow, clerk: User) -> None:
    back = labelled(begun(by_check()))
    desk = at(open_window, clerk, case_of(back))
    desk.may_answer = {422}
    enters(desk, "Receive the parcel")
    desk.arrives("Receive the parcel")
    desk.page.keyboard.type("FC4-WRONG")
    desk.page.keyboard.press("Enter")
    desk.reads("Nothing is written down yet: scan it again.")
    desk.looks()
    desk.fill("Serial number of what is in the parcel", back.core.serial)
    desk.page.keyboard.press("Enter")
    desk.reads("The CORE is here. Inspect it next.")
    enters(desk, "Inspect it")
    desk.page.locator("input[type=file]").set_input_files(PICTURE)
    enters(desk, "Inspect it")
    desk.reads("Look at the amount, and accept the return.")
    enters(desk, "Accept it")
    desk.arrives("Accept this return?")
    presses_back(desk)
    desk.reads("Look at the amount, and accept the return.")
    enters(desk, "Accept it")
    desk.arrives("Accept this return?")
    enters(desk, "Accept it")
    desk.reads("another person does this")
    another_person_pays(open_window)
    desk.page.reload()
    desk.reads("by check 2042, written. Nothing is left to do.")


def another_person_pays(open_window: OpenWindow) -> None:
    """Let an administrator give the money of the return back by a check, looking at it twice."""
    second = at(open_window, person(Role.ADMINISTRATOR), "/console/admin/")
    enters(second, "Money that waits")
    second.arrives("Money that waits")
    enters(second, "Give the money back")
    second.arrives("Give the money of this return back?")
    presses_back(second)
    second.arrives("Money that waits")
    assert not Refund.objects.exists()
    enters(second, "Give the money back")
    second.arrives("Give the money of this return back?")
    enters(second, "Give the money back")
    second.page.get_by_role("link", name="Note the check over").press("Enter")
    second.arrives("Note the check")
    types(second, "Number of the check", "2042")
    second.page.keyboard.press("Enter")
    second.reads("Nothing is waiting")


def test_a_core_that_is_not_in_its_parcel_and_the_mistake_taken_back(open_window: OpenWindow, clerk: User) -> None:
    back = labelled()
    desk = at(open_window, clerk, case_of(back))
    desk.may_answer = {422}
    enters(desk, "The CORE is not in the parcel")
    desk.arrives("The CORE is not in the parcel")
    enters(desk, "The CORE is not in the parcel")
    desk.reads("Please check what you typed")
    desk.looks()
    desk.page.locator("input[type=file]").set_input_files(PICTURE)
    desk.fill("What the business reads", "The parcel was empty")
    enters(desk, "The CORE is not in the parcel")
    desk.reads("The business was told, and may still send the CORE.")
    desk.looks()
    enters(desk, "It was a mistake: undo it")
    desk.arrives("Undo what was written down")
    types(desk, "What was the mistake?", "I scanned the wrong parcel")
    desk.page.keyboard.press("Enter")
    desk.reads("The business has the label. Receive the parcel when it comes.")


def test_a_double_press_pays_once(open_window: OpenWindow, clerk: User) -> None:
    back = accepted(received(begun(by_check())))
    second = at(open_window, clerk, f"/console/refunds/returns/{back.pk}/")
    second.button("Give the money back").dblclick()
    second.reads("The order was paid by check, so the money goes back by check")
    second.page.reload()
    assert Refund.objects.get().cents == back.refund


def fits(window: Window) -> None:
    """Look at the page on the narrow screen that it is on, and see that it fits the others."""
    window.looks()
    for size in SIZES[1:]:
        window.resize(size)
        accessibility.check_width(window.page)
    window.resize(window.size)


def test_each_page_fits(open_window: OpenWindow, clerk: User) -> None:
    away, seen, ready = labelled(), inspected(received(begun())), accepted(received(begun(by_check())))
    desk = at(open_window, clerk, case_of(away), SIZES[0])
    for address in (
        *(case_of(away) + part for part in ("", "fill/receive/", "missing/")),
        *(case_of(seen) + part for part in ("", "press/accept/", "fill/undo/")),
        "/console/refunds/",
        f"/console/refunds/returns/{ready.pk}/",
    ):
        desk.open(address)
        fits(desk)
    desk.reads("Give the money of this return back?")
    desk.open(f"/console/fulfilment/orders/{ready.order.number}/refund/")
    fits(desk)
    desk.page.locator("input[inputmode=decimal]").first.fill("12.50")
    desk.fill("Reason", "Scratched")
    desk.press("Look at it")
    desk.reads("Give this money back?")
    fits(desk)
    expect(desk.page.locator("main")).to_contain_text("$12.50 goes back to")
