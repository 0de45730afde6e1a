"""A night of a deputy and a supervisor: what one page says, the other says too."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest, UnverifiedSearch
from registry.canvasses.services import approvals, canvasses, requests
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.limits.models import Limits
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window
from tests.factories import (
    LINN_PARK,
    canvass_at,
    draft_of,
    incident_at,
    north_of,
    person,
    registrant_at,
    wanted_of,
)
from tests.integration.critical.scenes import glass_of, scene

pytestmark = pytest.mark.browser

WHY = "They fled along this street too, says the witness."
APART_M = 700
"""From one home to the next, so that no circle holds two."""


@pytest.fixture
def desk(open_window: OpenWindow, deputy: User) -> Window:
    """Return the deputy's window."""
    window = open_window("deputy")
    window.is_signed_in_as(deputy)
    return window


@pytest.fixture
def office(open_window: OpenWindow, supervisor: User) -> Window:
    """Return the supervisor's window."""
    window = open_window("supervisor")
    window.is_signed_in_as(supervisor)
    return window


def to(name: str, row: Incident | Canvass) -> str:
    return reverse(name, args=[row.pk])


def drafts(deputy: User, number: int) -> list[Canvass]:
    """Return canvasses of so many unverified incidents, a home at each."""
    places = [north_of(LINN_PARK, APART_M * each) for each in range(number)]
    for place in places:
        registrant_at(place)
    return [draft_of(incident_at(place, by=deputy, verified=False)) for place in places]


def test_a_closing_taken_back_leaves_it_going_on(desk: Window, office: Window, deputy: User) -> None:
    incident = incident_at(by=deputy, ends_at=None)
    for window in (desk, office):
        window.open(to("incident", incident))
        window.reads("still going on")
    incidents.close(incident=incident, by=deputy)
    office.open(to("incident", incident))
    assert "still going on" not in office.text()
    desk.open(to("incident", incident))
    desk.press("Take the closing back")
    desk.reads("Taken back. The incident is open again")
    desk.reads("still going on")
    office.open(to("incident", incident))
    office.reads("still going on")


def test_after_its_window_both_who_press_read_one_sentence(desk: Window, office: Window, deputy: User) -> None:
    incident = incident_at(by=deputy, ends_at=None)
    incidents.close(incident=incident, by=deputy)
    for window in (desk, office):
        window.may_answer = {409}
        window.open(to("incident", incident))
        window.reads("this can be taken back")
    Incident.objects.filter(pk=incident.pk).update(closed_at=timezone.now() - timedelta(minutes=10))
    for window in (desk, office):
        window.press("Take the closing back")
        window.reads("The ten minutes in which this closing could be taken back are over. Open another incident.")


def test_the_fourth_call_says_how_to_go_on_and_a_verification_frees_it(
    desk: Window, office: Window, deputy: User
) -> None:
    *three, fourth = drafts(deputy, 4)
    for canvass in three:
        desk.open(to("canvass", canvass))
        desk.reads("1 owner would be asked")
    desk.open(to("canvass", fourth))
    desk.reads("You can search around 3 unverified incidents a day. Ask a supervisor to verify one.")
    approvals.ask(canvass=fourth, by=deputy, reason=WHY)
    office.open(to("canvass_approval", fourth))
    office.reads(f"{deputy.pseudonym} searched around 3 unverified incidents in a day. Verify one of them")
    searched = UnverifiedSearch.objects.count()
    office.open(to("incident", three[0].incident))
    office.press("Verify")
    office.reads("Verified")
    office.open("/console/")
    assert "To approve" not in office.text()
    desk.open(to("canvass", fourth))
    desk.reads("1 owner would be asked")
    desk.press("Send to 1 owner")
    desk.reads("Owners can answer until")
    assert UnverifiedSearch.objects.count() == searched


def test_the_agencys_own_number_is_what_the_page_says(desk: Window, office: Window, deputy: User) -> None:
    Limits.objects.update(unverified_incidents_a_day=1)
    _first, second = drafts(deputy, 2)
    desk.open(to("canvass", second))
    desk.reads("You can search around 1 unverified incident a day. Ask a supervisor to verify one.")
    approvals.ask(canvass=second, by=deputy, reason=WHY)
    office.open(to("canvass_approval", second))
    office.reads(f"{deputy.pseudonym} searched around 1 unverified incident in a day. Verify it, or decide here.")


def test_the_last_redraw_that_is_too_wide_keeps_the_circle_before_it(
    desk: Window, office: Window, deputy: User
) -> None:
    [canvass] = drafts(deputy, 1)
    for each in range(25):
        registrant_at(north_of(LINN_PARK, 450 + each / 10))
    canvasses.change(canvass=canvass, by=deputy, wanted=wanted_of(canvass.incident, radius_m=250))
    desk.open(to("canvass", canvass))
    desk.reads("1 owner would be asked")
    desk.fill("Radius in feet", "1700")
    desk.press("Search again")
    desk.reads("that area would bring it above 25 owners. The canvass is as it was before.")
    desk.reads("1 owner would be asked")
    office.open(to("incident_log", canvass.incident))
    office.reads("searched too wide again, so a canvass stayed as it was")
    office.open(to("incident", canvass.incident))
    office.reads("0.08 square miles")
    desk.press("Send to 1 owner")
    desk.reads("Owners can answer until")


def test_a_reply_waits_until_it_was_seen_by_the_deputy_who_asked(desk: Window, office: Window, deputy: User) -> None:
    canvass = canvass_at("sent", by=deputy)
    request = FootageRequest.objects.get()
    requests.answer_none(request=request, by=link_actor(request))
    office.open(to("incident_replies", canvass.incident))
    office.reads("New")
    desk.open("/console/")
    desk.page.get_by_role("link", name="1 new reply").click()
    desk.arrives("Replies")
    desk.reads("New")
    desk.reads(request.number)
    desk.open("/console/")
    desk.reads("Nothing waits for you")
    for window in (desk, office):
        window.open(to("incident_replies", canvass.incident))
        window.reads(request.number)
        assert "NEW" not in window.text().upper().split()


def test_broken_glass_stands_first_and_says_the_same_as_the_incident(
    office: Window, open_window: OpenWindow, deputy: User
) -> None:
    made, second = scene(critical=False, verified=False), person("deputy")
    incident_at(verified=False)
    glass_of(made, second=second)
    said = (
        f"The glass was broken at {made.incident.place}. {made.deputy.pseudonym} opened the incident and asked for "
        f"broken glass, and {second.pseudonym} confirmed it."
    )
    auditor = open_window("auditor")
    auditor.is_signed_in_as(person("auditor"))
    for window in (office, auditor):
        window.open("/console/")
        first = window.page.locator("main .waits li").first.inner_text()
        assert f"{made.incident.number} · {said}" in " ".join(first.split())
        window.looks()
    office.page.locator("main .waits a").first.click()
    office.reads(said)
    office.open(to("incident", made.incident))
    office.reads(said)
    auditor.page.locator("main .waits a").first.click()
    auditor.reads("broke the glass")
