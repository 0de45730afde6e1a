"""axe finds nothing on any page of the portal, by day and by night; each fits the narrowest screen and has its menu.

Public ones are looked at in both languages. The pages are those of all addresses: an address whose page nobody here
sees fails, unless NO_PAGE says why it has none.
"""

import pytest

from tests.access.addresses import addresses
from tests.browser import accessibility
from tests.browser.conftest import OpenWindow
from tests.browser.pages import menu
from tests.browser.pages.everybody import Everybody, everybody
from tests.browser.pages.pages import Stop, page_of, takes_the_place
from tests.browser.sizes import DESKTOP, HANDHELD, PHONE
from tests.browser.window import Window
from tests.database.clone import Clone

pytestmark = pytest.mark.browser

NO_PAGE = {
    "agency_preview_css": "a style sheet",
    "annual_draft": "tests/browser/console/test_console_pages.py looks at it, which takes a year that has ended",
    "annual_paper": "a file",
    "annual_part": "as annual_draft",
    "annual_release": "as annual_draft",
    "annual_report": "tests/browser/pages/test_annual_report.py looks at it, which takes a year that has ended",
    "annual_version": "as annual_report",
    "answer": "leads to the page of the link",
    "audit_filter": "leads to the log, with the search in its address",
    "audit_print_progress": "a part of the page of a print",
    "audit_receipt": "a file",
    "camera_picture_file": "a picture",
    "canvass_replies": "a part of the page of a canvass",
    "console_work": "a part of the start page",
    "demo": "of the demo alone",
    "demo_letter": "of the demo alone",
    "demo_letter_html": "of the demo alone",
    "demo_mail": "of the demo alone",
    "demo_sign_in": "of the demo alone",
    "demo_text_gateway": "of the demo alone",
    "demo_texts": "of the demo alone",
    "core_cameras": "for machines",
    "device_snapshot_file": "a picture",
    "device_api": "for machines",
    "device_api_call": "for machines",
    "evidence_download": "a file",
    "evidence_stream": "a file",
    "import_progress": "a part of the page of an import",
    "live_now": "a part of the page of what is live",
    "live_playlist": "for the player",
    "live_segment": "for the player",
    "ledger_checkpoint": "for machines",
    "ledger_entries": "for machines",
    "ledger_key": "for machines",
    "ledger_tile": "for machines",
    "log_receipt": "a file",
    "mfa_edit_webauthn": "tests/accounts/test_passkey.py looks at the pages of a passkey, which takes a device",
    "mfa_reauthenticate_webauthn": "likewise",
    "mfa_remove_webauthn": "likewise",
    "number_examples": "a part of the page of the numbers",
    "oidc_begin": "leads to the agency's own provider, where there is one",
    "oidc_callback": "leads back from there",
    "order_paid_state": "a part of the page of a payment",
    "own_clip_stream": "a file",
    "payment_method_saved": "leads back to the page of the card",
    "product_picture": "a picture",
    "reply_still": "a picture",
    "review_council": "a file",
    "review_paper": "a file",
    "seal": "a picture",
    "set_language": "leads back to where it was asked",
    "street_map": "a file",
    "street_progress": "a part of the page of a loading",
    "text_inbound": "for the provider of texts",
    "text_status": "likewise",
    "upload_status": "for scripts",
    "work_open": "leads to the page of a row",
}
"""Addresses that answer with something else, and what that is. Those that take no GET, or answer it with a file or
data, are seen to have none."""

WITHOUT_MENU = {"live_watch"}
"""Names of addresses whose page has no menu: the wall of live views is pictures from edge to edge."""

REFUSALS = {"/nowhere/": 404, "/console/": 403}
"""Answers without an address of their own, to a resident."""


@pytest.fixture
def here(portal_db: Clone, language: str) -> Everybody:
    """Return everybody. They come before the portal runs, whose worker would take up what is left half done."""
    return everybody(language)


@pytest.mark.long
@pytest.mark.parametrize(
    ("side", "language"), [("public", "en"), ("public", "es"), ("console", "en")], ids=["en", "es", "console"]
)
def test_nothing_is_wrong_with_any_page(side: str, language: str, here: Everybody, open_window: OpenWindow) -> None:
    """Colors and menu are those of both languages, so they are looked at in one."""
    window = open_window("everybody", size=PHONE if side == "public" else DESKTOP, language=language)
    without = {}
    for address in addresses():
        if address.route.startswith("console/") == (side == "console"):
            found = page_of(address, here)
            if isinstance(found, Stop):
                visits(window, found)
                if language == "en":
                    by_night(window)
                    opens_menu(window, address.name)
            elif found != "no page":
                without[address.name] = found
    if side == "public":
        refused(window, here)
    there = {address.name for address in addresses() if address.route.startswith("console/") == (side == "console")}
    assert {name: why for name, why in without.items() if name not in NO_PAGE} == {}
    assert (NO_PAGE.keys() & there) - without.keys() == set()


def visits(window: Window, stop: Stop) -> None:
    """Open a page as a person who may see it, and look at it."""
    takes_the_place(window, stop.browser)
    window.open(stop.path)
    assert window.page.url == f"{window.url}{stop.path}"
    assert window.page.locator("html").get_attribute("lang") == window.language
    window.looks()


def by_night(window: Window) -> None:
    """Look at the colors of the page that somebody sees who asks for dark ones."""
    window.page.emulate_media(color_scheme="dark")
    accessibility.check(window.page, rules=accessibility.OF_COLORS)
    window.page.emulate_media(color_scheme="light")


def opens_menu(window: Window, name: str) -> None:
    """Open, read, walk and close the menu of the page on a phone."""
    window.resize(HANDHELD)
    if name not in WITHOUT_MENU:
        menu.holds(window)
    window.resize(window.size)


def refused(window: Window, here: Everybody) -> None:
    """Look at the page of an address that does not exist, and of one that a resident may not open."""
    window.may_answer = set(REFUSALS.values())
    takes_the_place(window, here.browsers["resident"][0])
    for path, status in REFUSALS.items():
        answer = window.page.goto(f"{window.url}{path}")
        assert answer is not None
        assert answer.status == status
        window.looks()
