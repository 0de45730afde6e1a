"""Answers of a resident besides footage, and what a deputy learns of them: "no footage", or nothing at all."""

import pytest
from playwright.sync_api import expect

from registry.canvasses.links import token_for
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import canvasses, requests
from tests.browser.conftest import OpenWindow
from tests.browser.people import People
from tests.browser.sizes import DESKTOP, PHONE
from tests.browser.window import Window
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, registrant_at, request_at
from tests.people import make_person

pytestmark = pytest.mark.browser

EMAILS = ["ana@people.example", "ben@people.example"]
SCREENS = pytest.mark.parametrize(
    "people",
    [(PHONE, "en"), pytest.param((DESKTOP, "es"), marks=pytest.mark.long)],
    ids=["phone-en", "desktop-es"],
    indirect=True,
)


def asked(people: People) -> Canvass:
    """Return a canvass that asks two owners, in the language of the phone."""
    for number, email in enumerate(EMAILS):
        account = make_person("resident", email, language=people.phone.language)
        registrant_at(north_of(LINN_PARK, 60 * number), user=account, language=people.phone.language)
    canvass = draft_of(incident_at(by=people.deputy))
    return canvasses.send(canvass=canvass, by=people.deputy)


@pytest.mark.long
@SCREENS
def test_no_footage_is_told_to_the_deputy(people: People) -> None:
    canvass = asked(people)
    people.desk.is_signed_in_as(people.deputy)
    people.desk.open(f"/console/canvasses/{canvass.pk}/")
    people.desk.reads("No reply yet")

    phone = people.phone
    phone.open(people.mailbox.request_link_for(EMAILS[0]))
    phone.arrives("Do you have footage of this?")
    phone.follow("I have no footage")
    phone.arrives("You have no footage to give?")
    phone.press("Yes, I have none")
    phone.arrives("Thank you for looking")

    expect(people.desk.page.get_by_text("No footage", exact=True)).to_be_visible(timeout=30_000)
    people.desk.looks()


@pytest.mark.long
@SCREENS
def test_a_deputy_cannot_tell_declining_from_silence(people: People) -> None:
    canvass = asked(people)
    desk, phone = people.desk, people.phone
    desk.is_signed_in_as(people.deputy)
    before = all_that_the_deputy_reads(desk, canvass)

    phone.open(people.mailbox.request_link_for(EMAILS[0]))
    phone.follow("I would rather not")
    phone.arrives("You would rather not give footage?")
    phone.press("Yes, rather not")
    phone.arrives("Your answer is noted")
    assert FootageRequest.objects.filter(canvass=canvass, state="declined").count() == 1

    assert all_that_the_deputy_reads(desk, canvass) == before


def all_that_the_deputy_reads(desk: Window, canvass: Canvass) -> list[str]:
    """Return the markup of what the canvass page fetches by itself, and the words of the three pages about it."""
    fragment = desk.context.request.get(f"{desk.url}/console/canvasses/{canvass.pk}/replies/").text()
    read = [fragment]
    pages = [f"/console/canvasses/{canvass.pk}/", f"/console/incidents/{canvass.incident_id}/", "/console/"]
    for page in [*pages, *pages]:  # twice: looking at a page may be a line on the next
        desk.open(page)
        desk.page.wait_for_load_state("networkidle")
        read.append(desk.text())
    return [fragment, *(" ".join(sorted(set(text.splitlines()))) for text in read[-3:])]


def test_a_link_that_is_over_says_so_and_whom_to_call(open_window: OpenWindow) -> None:
    withdrawn = request_at("sent", registrant=registrant_at(language="es"))
    address = f"/requests/{token_for(withdrawn)}/"
    requests.withdraw(request=withdrawn, by=withdrawn.incident.opened_by)
    window = open_window("link", size=PHONE, language="en")
    window.may_answer = {409, 404}
    window.open(address)
    window.arrives("Aquí ya no queda nada por hacer")
    window.reads("205-555-0100")
    window.open("/requests/of-nobody/")
    window.arrives("There is nothing here")
