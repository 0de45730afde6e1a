"""An owner checks the list of looks in the browser, against the public log. Whatever was tampered with is refused."""

import base64
import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from playwright.sync_api import Page, Route, expect

from audit.log.events import Event
from registry.access_log.models import LookDelay
from registry.access_log.presenters.looks import Proof, Standing
from registry.access_log.presenters.notices import digest
from registry.access_log.selectors import Channel
from registry.canvasses.links import receipts_token
from registry.registrants.models import Registrant
from tests.audit.ledger.conftest import write_entries
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE, Size
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.factories import draft_of, incident_at, person, registrant_at, request_at
from tests.registry.access_log.delays import case_of, delayed
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import PICTURE
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.browser
NO_ED25519 = """() => {
  const known = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = (format, key, algorithm, ...rest) => algorithm === "Ed25519"
    ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"))
    : known(format, key, algorithm, ...rest);
}"""

Change = Callable[[bytes], bytes]


@pytest.fixture
def registrant(portal_db: Clone) -> Registrant:
    """Return an owner of two cameras that a search found, in a log of more than one tile."""
    registrant = registrant_at(user=person(), cameras=2)
    write_entries(300)
    draft_of(incident_at())
    return registrant


CONCLUSIONS = {
    "bad": "Something is wrong. Write down the lines marked “Wrong”, and call us.",
    "open": "Nothing wrong was found. Some of it could not be checked yet; the lines say why.",
}


def list_of(registrant: Registrant, open_window: OpenWindow, *, size: Size = DESKTOP, language: str = "en") -> Window:
    """Return the owner's window on the list of looks."""
    window = open_window("owner", size=size, language=language)
    window.is_signed_in_as(registrant.user)
    window.open("/profile/looks/")
    window.arrives("Who looked")
    return window


def unfolds_the_check(window: Window) -> None:
    """Open the part of the page that checks and downloads, if it is not open yet."""
    if window.page.locator("details:not([open]) [data-check]").count():
        window.unfolds("Check this list, or download it")


def verdicts(window: Window) -> list[tuple[str, str]]:
    """Press the button and return each verdict with its sentence."""
    unfolds_the_check(window)
    window.press("Check in this browser")
    expect(window.page.locator("[data-busy]")).to_be_hidden()
    expect(window.page.locator("[data-check] button")).to_be_enabled()
    lines = window.page.locator("[data-results] li").all()
    found = [(str(line.get_attribute("data-verdict")), line.inner_text()) for line in lines]
    kinds = {verdict for verdict, _text in found}
    with translation.override(window.language):
        concluded = next(
            (gettext(CONCLUSIONS[kind]) for kind in CONCLUSIONS if kind in kinds), standing_of(window).right
        )
    expect(window.page.locator("[data-conclusion]")).to_contain_text(concluded)
    return found


def standing_of(window: Window) -> Standing:
    """Count what the lines of the page say of themselves, each on its own."""
    lines = window.page.locator("[data-entry]")
    later = lines.filter(has_text=window.says("Its receipt opens at the same time.")).count()
    public = lines.filter(has_text=window.says("Anyone can check this.")).count()
    return Standing(public, lines.count() - public - later, later)


@pytest.mark.parametrize("language", ["en", "es"])
def test_page_download_and_mail_say_how_many_can_be_checked(
    language: str, sealed_log: SealedLog, open_window: OpenWindow
) -> None:
    owner = registrant_at(user=person(language=language), language=language)
    since = timezone.now()
    draft_of(incident_at())
    sealed_log.seal_and_publish()
    draft_of(incident_at())
    delayed(case_of(owner))
    sealed_log.seal()
    window = list_of(owner, open_window, language=language)
    standing = standing_of(window)
    assert (standing.public, standing.newer, standing.later) == (2, 1, 3)
    unfolds_the_check(window)
    with translation.override(language):
        assert standing.can in window.page.locator("[data-check]").inner_text()
    verdicts(window)
    with window.page.expect_download() as download:
        window.press("Download this list")
    rows = list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert Standing.of(Proof(row["proof"]) for row in rows) == standing
    with translation.override(language):
        told = digest(owner, Channel.SEARCHES, since=since, until=timezone.now())
        assert told["standing"] == Standing(1, 1, 3).can
        opens = date_format(timezone.localtime(LookDelay.objects.get().ends_at), "DATE_FORMAT")
    on_page = window.page.locator("summary > .look-line", has_text=opens)
    expect(on_page).to_have_text(told["later"])  # type: ignore[arg-type]


def tamper(page: Page, address: str, change: Change) -> None:
    """Let somebody between portal and browser change an answer."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=change(response.body()))

    page.route(re.compile(address), answer)


@pytest.mark.parametrize(
    ("size", "language"),
    [(PHONE, "es"), pytest.param(DESKTOP, "en", marks=pytest.mark.long)],
    ids=["phone-es", "desktop-en"],
)
def test_what_is_public_is_proved_and_what_is_not_says_from_when_on(
    size: Size, language: str, registrant: Registrant, sealed_log: SealedLog, open_window: OpenWindow
) -> None:
    sealed_log.seal_and_publish(fillers=300)
    draft_of(incident_at())
    sealed_log.seal()
    window = list_of(registrant, open_window, size=size, language=language)
    window.reads("Anyone can check this.")
    found = verdicts(window)
    window.looks()
    assert [verdict for verdict, _text in found] == ["good"] * 7
    assert sum("Camera 1" in text for _verdict, text in found) == 3
    assert any(sealed_log.signer.verifier.key_id.hex() in text for _verdict, text in found)
    with window.page.expect_download() as download:
        window.page.locator("[data-details]:has(a[href$='/receipt/']) > summary").first.click()
        window.page.locator("a[href$='/receipt/']").first.click()
    assert download.value.suggested_filename.endswith(".tlog-proof")


def test_without_anything_public_it_says_so(
    registrant: Registrant, sealed_log: SealedLog, open_window: OpenWindow
) -> None:
    write_entries(1)
    sealed_log.seal_and_publish()
    draft_of(incident_at())
    window = list_of(registrant, open_window)
    window.page.locator("[data-receipt]").evaluate_all("rows => rows.forEach(row => delete row.dataset.receipt)")
    unchecked = [text for verdict, text in verdicts(window) if verdict == "open"]
    assert any("No entry on this page is public yet." in text for text in unchecked)


def flipped(proof: bytes, line: str) -> bytes:
    """Return a receipt in which one bit of the base64 on a line is another. line: "extra", or a number below index."""
    lines = proof.decode().split("\n")
    place = 1 if line == "extra" else 2 + int(line)
    head, _space, encoded = lines[place].rpartition(" ")
    content = bytearray(base64.b64decode(encoded))
    content[len(content) // 2] ^= 1
    lines[place] = f"{head} {base64.b64encode(bytes(content)).decode()}".strip()
    return "\n".join(lines).encode()


TAMPERED: dict[str, tuple[str, Change]] = {
    "the path": ("/receipt/$", lambda proof: flipped(proof, "3")),
    "the entry": ("/receipt/$", lambda proof: flipped(proof, "extra")),
    "the place": ("/receipt/$", lambda proof: re.sub(rb"index \d+", b"index 250", proof)),
    "the signature": ("/receipt/$", lambda proof: re.sub(rb"\n\n([^\n]+)\n(\d+)\n", rb"\n\n\1\n9\2\n", proof)),
    "a tile": ("/ledger/tile/0/", lambda tile: tile[:-1] + bytes([tile[-1] ^ 1])),
}
OTHERS = TAMPERED.keys() - {"the entry"}


@pytest.mark.parametrize(
    "what", ["the entry", *(pytest.param(what, marks=pytest.mark.long) for what in sorted(OTHERS))]
)
def test_a_proof_that_was_tampered_with_is_refused(
    what: str, registrant: Registrant, sealed_log: SealedLog, open_window: OpenWindow
) -> None:
    sealed_log.seal_and_publish()
    window = list_of(registrant, open_window)
    assert {verdict for verdict, _text in verdicts(window)} == {"good"}
    tamper(window.page, *TAMPERED[what])
    found = verdicts(window)
    assert any(verdict == "bad" and "does not fit the public log" in text for verdict, text in found)
    if what != "a tile":
        assert not any("holds exactly this" in text for _verdict, text in found)
    window.page.unroute_all()
    tamper(window.page, "/ledger/checkpoint$", lambda note: re.sub(rb"\n(\d+)\n", rb"\n1\1\n", note, count=1))
    found = verdicts(window)
    assert found[-1][0] == "bad"
    assert "not signed with the log's key" in found[-1][1]
    assert not any("holds exactly this" in text for _verdict, text in found)


def test_a_page_that_says_something_else_than_was_sealed_is_refused(
    registrant: Registrant, sealed_log: SealedLog, open_window: OpenWindow
) -> None:
    sealed_log.seal_and_publish()
    entry = entries_of(Event.CAMERA_FOUND)[-1]
    window = open_window("owner")
    window.is_signed_in_as(registrant.user)
    other = entry.actor_pseudonym[:-1] + "#"
    tamper(window.page, "/profile/looks/$", lambda page: page.replace(entry.actor_pseudonym.encode(), other.encode()))
    window.open("/profile/looks/")
    assert any("says something else than this page" in text for verdict, text in verdicts(window) if verdict == "bad")


def test_a_missing_number_is_named(registrant: Registrant, sealed_log: SealedLog, open_window: OpenWindow) -> None:
    for _again in range(2):
        draft_of(incident_at())
    sealed_log.seal_and_publish()
    window = list_of(registrant, open_window)
    window.page.locator("[data-number='3']").first.evaluate("row => row.remove()")
    found = verdicts(window)
    assert [text for verdict, text in found if verdict == "bad" and "entry 3 is missing." in text]
    window.open("/profile/looks/?kind=found")
    assert verdicts(window)[0][0] == "open"


def test_a_browser_that_knows_no_ed25519_says_what_to_do_instead(
    registrant: Registrant, sealed_log: SealedLog, open_window: OpenWindow
) -> None:
    window = open_window("owner", size=PHONE)
    window.page.add_init_script(f"({NO_ED25519})()")
    window.is_signed_in_as(registrant.user)
    window.open("/profile/looks/")
    window.arrives("Who looked")
    unfolds_the_check(window)
    expect(window.page.get_by_text("This browser can't check signatures.")).to_be_visible()
    expect(window.page.locator("[data-check] button")).to_be_hidden()


def test_without_script_the_page_says_what_to_do_instead(registrant: Registrant, open_window: OpenWindow) -> None:
    window = open_window("owner", size=PHONE, script=False)
    window.is_signed_in_as(registrant.user)
    window.open("/profile/looks/")
    window.arrives("Who looked")
    unfolds_the_check(window)
    expect(window.page.get_by_text("With scripts turned on, your browser checks it for you.")).to_be_visible()
    expect(window.page.locator("[data-check] button")).to_be_hidden()
    window.follow("All ways to check")
    window.arrives("Transparency report")


@pytest.mark.parametrize(
    ("size", "language"),
    [(PHONE, "es"), pytest.param(DESKTOP, "en", marks=pytest.mark.long)],
    ids=["phone-es", "desktop-en"],
)
def test_the_link_of_a_mail_leads_to_receipts_and_to_how_they_are_checked(
    size: Size, language: str, sealed_log: SealedLog, open_window: OpenWindow
) -> None:
    owner = registrant_at(user=person(language=language), language=language)
    request = request_at("sent", registrant=owner)
    sealed_log.seal()
    given(request, content=PICTURE, name="porch.jpg")
    window = open_window("link", size=size, language=language)
    window.open(f"/receipts/{receipts_token(request)}/")
    window.arrives(request.number)
    expect(window.page.locator("main a.usa-button")).to_have_count(0)
    sealed_log.seal_and_publish()
    window.page.reload()
    window.reads("Anyone can check this.")
    window.looks()
    with window.page.expect_download() as download:
        window.page.locator("main a.usa-button").first.click()
    assert download.value.suggested_filename == f"{request.number}-1.tlog-proof"
    window.follow("How anyone checks a receipt")
    window.arrives("Transparency report")
    assert str(sealed_log.signer.verifier) in window.text()
    window.is_signed_in_as(owner.user)
    window.open(f"/profile/requests/{request.pk}/")
    window.follow("Receipts from the log")
    window.arrives(request.number)


def test_nothing_of_it_is_public_before_its_hour(
    registrant: Registrant, sealed_log: SealedLog, open_window: OpenWindow, visitor_client: Client
) -> None:
    sealed_log.seal_and_publish()
    before = visitor_client.get("/ledger/checkpoint").content
    draft_of(incident_at())
    sealed_log.seal()
    window = list_of(registrant, open_window)
    newest = window.page.locator("[data-details]").first
    newest.locator("summary").first.press("Enter")
    # At an hour's turn it says "soon": the hour is over, and nothing is published yet.
    expect(newest.get_by_text(re.compile("The receipt will be ready (at|soon)")).first).to_be_visible()
    assert visitor_client.get("/ledger/checkpoint").content == before
