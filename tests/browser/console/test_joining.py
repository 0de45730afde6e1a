"""Two deputies: one is told a number by radio and asks to join, the other works on the incident and says yes."""

import pytest

from fusus_portal.ground.accounts.models import User
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, TABLET
from tests.database.clone import Clone
from tests.factories import incident_at
from tests.people import make_person

pytestmark = pytest.mark.browser

NUMBER = "2026-004711"


@pytest.fixture
def partner(portal_db: Clone) -> User:
    return make_person("deputy", "quinn@sheriff.example", name="Quinn Abbott")


def test_a_deputy_joins_by_a_number_that_was_told(open_window: OpenWindow, deputy: User, partner: User) -> None:
    incident_at(by=deputy, number=NUMBER)
    car, desk = open_window("partner", size=TABLET), open_window("deputy", size=DESKTOP)
    car.is_signed_in_as(partner)
    desk.is_signed_in_as(deputy)

    car.open("/console/")
    car.page.keyboard.press("/")
    car.page.keyboard.type("2026 oo4711")
    car.page.keyboard.press("Enter")
    car.arrives("Nothing that you may open has this number")
    car.follow("Ask to join it")
    car.arrives("Ask to join an incident")
    car.press("Ask to join")
    car.reads(f"Asked about {NUMBER}. If somebody on that incident says yes, you find it on your start page.")
    car.looks()
    car.fill("Incident number", "2026-999999")
    car.press("Ask to join")
    car.reads("Asked about 2026-999999. If somebody on that incident says yes, you find it on your start page.")

    desk.open("/console/")
    desk.reads("Linn Park, 20th Street North · Quinn Abbott")
    desk.page.get_by_role("button", name="Let join Quinn Abbott").click()
    desk.reads("Quinn Abbott works on this incident now.")

    car.open("/console/")
    car.reads("You joined")
    car.page.get_by_role("link", name=NUMBER).first.click()
    car.arrives(f"{NUMBER} · Burglary")
