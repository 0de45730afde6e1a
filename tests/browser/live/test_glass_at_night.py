"""The night story: two deputies, no supervisor, an incident that nobody verified, the glass, and a live picture."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.critical.models import Declaration
from integration.critical.states import DeclarationState
from integration.live.models import ViewGrant
from registry.incidents.services import incidents
from tests.browser import deputies
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import DESKTOP, HANDHELD
from tests.browser.window import Window
from tests.factories import draft_of, person, registrant_at
from tests.integration.live.streaming import REASON, Scene, scene
from tests.integration.reference.core_process import running_core
from tests.peers.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.long]

WHY = "Shots were fired at the school gate. No supervisor answered the radio or the phone for six minutes."
OVERSEE = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)


@pytest.fixture
def night(web: Portal, tmp_path: Path) -> Iterator[Scene]:
    """Return an incident of one deputy that nobody has verified, with a camera nearby whose CORE runs."""
    made = scene(declared=False, verified=False)
    with running_core(made.device, web.url, tmp_path, {"c0": "testsrc"}):
        yield made


def test_two_deputies_break_the_glass_and_see(open_window: OpenWindow, night: Scene, mailbox: Mailbox) -> None:
    other, overseers = person(Role.DEPUTY), [person(role) for role in OVERSEE]
    car, desk = open_window("first", size=HANDHELD), open_window("second", size=DESKTOP)
    when_one_asks(car, night)
    then_the_other_finds_it_by_mail_and_breaks_it(desk, mailbox, night, other)
    then_the_first_sees_the_camera(car, night)
    then_the_overseers_were_told(mailbox, night, overseers)
    then_the_limits_of_search_are_as_before(car, night)
    when_one_says_why(car)
    then_the_story_is_in_the_log(night, other)
    then_the_incident_still_closes_after_a_day(night)


def when_one_asks(window: Window, night: Scene) -> None:
    deputies.signs_in(window, night.deputy)
    window.page.get_by_role("link", name=night.incident.number).first.click()
    window.arrives(night.incident.number)
    window.reads("Not verified")
    window.follow("Break the glass")
    window.arrives("Break the glass")
    window.fill("Reason", "test")
    window.press("Ask for a second person")
    window.reads("This does not say why.")
    window.fill("Reason", REASON)
    window.press("Ask for a second person")
    window.arrives(night.incident.number)
    window.reads("Waits for a second person")


def then_the_other_finds_it_by_mail_and_breaks_it(window: Window, mailbox: Mailbox, night: Scene, other: User) -> None:
    link = mailbox.wait_for(other.email, r"https?://\S+/declarations/\S+/glass/")
    deputies.signs_in(window, other)
    window.reads(night.incident.number)
    window.open(link)
    window.arrives("Break the glass")
    window.reads(REASON)
    window.press("Break the glass")
    window.arrives("What waits for you")
    window.reads("Why the glass was broken")
    # Their word is all they gave: the incident is not theirs.
    window.may_answer = {404}
    address = f"/console/incidents/{night.incident.pk}/"
    window.open(address)
    assert (404, address) in window.statuses


def then_the_first_sees_the_camera(window: Window, night: Scene) -> None:
    window.may_answer = {403, 404}
    window.open(f"/console/incidents/{night.incident.pk}/")
    window.reads("Critical until")
    window.reads("Supervisors, administrators and auditors were told at that moment.")
    window.follow("See cameras live")
    window.arrives("See cameras live")
    expect(window.page.get_by_role("link", name="Ask for a recorded clip")).to_have_count(0)
    window.page.get_by_label("Why you need to see it now").first.fill(REASON)
    window.page.get_by_role("button", name="View live").first.click()
    window.arrives("Live view")
    expect(window.page.locator("video:visible")).to_have_count(1, timeout=40_000)
    assert ViewGrant.objects.get().state == "running"


def then_the_overseers_were_told(mailbox: Mailbox, night: Scene, overseers: list[User]) -> None:
    for each in overseers:
        letter = mailbox.wait_for(each.email, r"(?s)glass was broken for incident.*")
        assert night.incident.number in " ".join(letter.split())


def then_the_limits_of_search_are_as_before(window: Window, night: Scene) -> None:
    registrant_at()
    draft_of(night.incident, by=night.deputy)
    window.open(f"/console/incidents/{night.incident.pk}/")
    window.reads("Not verified")
    window.reads("A supervisor must verify this incident before another area is searched.")


def when_one_says_why(window: Window) -> None:
    window.follow("Say why")
    window.arrives("Why the glass was broken")
    window.fill("Justification", WHY)
    window.press("Save it")
    window.arrives("Live")
    window.reads(WHY)


def then_the_story_is_in_the_log(night: Scene, other: User) -> None:
    events = [Event.GLASS_ASKED, Event.GLASS_BROKEN, Event.VIEW_STARTED, Event.GLASS_JUSTIFIED]
    entries = AuditEntry.objects.filter(event__in=events, incident_id=night.incident.pk).order_by("id")
    who = [night.deputy.pseudonym, other.pseudonym, night.deputy.pseudonym, night.deputy.pseudonym]
    assert [(entry.event, entry.actor_pseudonym) for entry in entries] == list(zip(events, who, strict=True))
    assert entries[1].facts["told"] == Message.objects.filter(kind=MessageKind.GLASS_BROKEN).count() > len(OVERSEE)


def then_the_incident_still_closes_after_a_day(night: Scene) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1), tick=False):
        assert incidents.close_unverified() == 1
    assert Declaration.objects.get().state == DeclarationState.ENDED
    assert ViewGrant.objects.get().state == "ended"
