"""Broken glass stands first before supervisors and auditors, with place and who, and is said alike on every page."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.ledger.alarms import AlarmKind, raise_alarm
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.worklist.selectors import waiting_for
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind
from integration.critical import services
from integration.critical.models import Declaration
from tests.factories import incident_at, person
from tests.integration.critical.scenes import Scene, broken, scene
from tests.oversight.review.reviewing import close_incidents, drawn, read
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def make_world() -> Scene:
    return scene(critical=False, verified=False)


WHY = "Shots were fired at the school gate. No supervisor answered the radio for six minutes."
KNOWING = {Role.SUPERVISOR, Role.AUDITOR}


@pytest.fixture
def made(world: Scene) -> Scene:
    """Return an incident whose glass two deputies broke just now."""
    world.declaration = broken(world)
    return world


def sentence(made: Scene) -> str:
    [second] = made.others
    place = "Linn Park, 20th Street North"
    return (
        f"The glass was broken at {place}. {made.deputy.pseudonym} opened the incident and asked for broken glass, "
        f"and {second.pseudonym} confirmed it. Nobody had checked the incident before."
    )


def declaration(made: Scene) -> Declaration:
    assert made.declaration is not None
    return made.declaration


@pytest.mark.parametrize("role", sorted(KNOWING))
def test_it_is_first_whatever_else_waits(made: Scene, role: str) -> None:
    raise_alarm(kind=AlarmKind.TREE_BROKEN, what="A leaf is gone.")
    incident_at(verified=False)
    first = waiting_for(person(role))[0]
    assert first.text == f"{made.incident.number} · {sentence(made)}"
    assert (first.tag, first.due) == ("Broken glass", declaration(made).ends_at)


def test_everybody_else_has_no_such_line(made: Scene) -> None:
    for role in sorted(AGENCY_ROLES - KNOWING):
        assert sentence(made) not in sign_in(person(role)).get(reverse("console")).text


def test_each_is_led_where_they_may_read_more(made: Scene) -> None:
    incident = made.incident.pk
    for role, address in ((Role.SUPERVISOR, reverse("critical", args=[incident])), (Role.AUDITOR, reverse("audit"))):
        person_there = person(role)
        url = waiting_for(person_there)[0].url
        assert url.startswith(address)
        assert "broke the glass" in sign_in(person_there).get(url).text or role == Role.SUPERVISOR


def test_it_stays_until_somebody_has_said_why(made: Scene, supervisor: User) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=8), tick=False):
        first = waiting_for(supervisor)[0]
        assert (sentence(made) in first.text, first.due) == (True, declaration(made).justify_by)
        services.justify_glass(declaration=declaration(made), by=made.deputy, text=WHY)
        assert sentence(made) not in " ".join(item.text for item in waiting_for(supervisor))


def test_said_at_once_it_stays_as_long_as_it_runs(made: Scene, supervisor: User) -> None:
    services.justify_glass(declaration=declaration(made), by=made.deputy, text=WHY)
    assert sentence(made) in waiting_for(supervisor)[0].text
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert "Broken glass" not in {str(item.tag) for item in waiting_for(supervisor)}


def test_a_question_that_nobody_confirmed_broke_nothing(world: Scene, supervisor: User) -> None:
    services.ask_for_glass(incident=world.incident, by=world.deputy, reason="Shots were fired at the school gate.")
    assert "Broken glass" not in {str(item.tag) for item in waiting_for(supervisor)}


def test_the_incidents_page_says_the_same_during_and_after(made: Scene, supervisor: User) -> None:
    address = reverse("incident", args=[made.incident.pk])
    assert sentence(made) in sign_in(supervisor).get(address).text
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert sentence(made) in sign_in(supervisor).get(address).text


def test_the_weekly_review_says_the_same_to_auditors_and_no_place_outside(
    made: Scene, auditor_client: Client, reviewer_client: Client
) -> None:
    story = AuditEntry.objects.filter(subject_kind="declaration").order_by("id").values_list("pk", flat=True)
    flag = Flag(FlagKind.GLASS, made.deputy.pseudonym, tuple(story), {"justification": "waiting"})
    card = drawn(flag).cards.get(flag=FlagKind.GLASS)
    said = f"{sentence(made)} Its justification: not written yet."
    assert said in read(auditor_client, "review_card", card.pk)
    close_incidents()
    outside = read(reviewer_client, "review_card", card.pk)
    assert "The glass was broken. Its justification: not written yet." in outside
    assert made.incident.place not in outside
