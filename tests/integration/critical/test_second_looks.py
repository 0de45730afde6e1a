"""The other supervisors are asked to look: at a large circle that waits for one of them, and at broken glass."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.formats import date_format

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.channels.email.rendering import render
from fusus_portal.ground.notifications.kinds import MessageKind, builder_of
from fusus_portal.ground.notifications.models import Message
from integration.critical.services import break_glass, declarations
from tests.factories import person
from tests.integration.critical.scenes import REASON, broken, scene

pytestmark = pytest.mark.django_db

LARGE_M = 900.0


def told() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.CRITICAL_LOOK))


def text_of(message: Message) -> str:
    rendered = render(
        kind=MessageKind.CRITICAL_LOOK,
        language=message.language,
        build=lambda: builder_of(MessageKind.CRITICAL_LOOK)(message.context),
        number="M-1",
    )
    return f"{rendered.subject}\n{rendered.text}"


@pytest.fixture
def other() -> User:
    """Return a supervisor who has nothing to do with the incident."""
    return person(Role.SUPERVISOR)


def test_a_circle_that_waits_is_told_once_to_those_who_can_confirm_it(other: User) -> None:
    made = scene(critical=False)
    waits = made.declare(radius_m=LARGE_M)
    readers = {message.to for message in told()}
    assert other.email in readers
    assert {made.supervisor.email, made.deputy.email}.isdisjoint(readers)
    declarations.second(declaration=waits, by=other)
    assert {message.to for message in told()} == readers
    assert len(told()) == len(readers)


def test_the_opener_can_do_nothing_and_is_not_asked() -> None:
    made = scene(critical=False)
    opener = person(Role.SUPERVISOR)
    type(made.incident).objects.filter(pk=made.incident.pk).update(opened_by=opener)
    made.declare(radius_m=LARGE_M)
    assert opener.email not in {message.to for message in told()}


def test_a_declaration_within_the_limits_asks_nobody(other: User) -> None:
    scene()
    assert not told()


def test_broken_glass_is_told_when_it_breaks(other: User) -> None:
    made = scene(critical=False)
    asked = break_glass.ask(incident=made.incident, by=made.deputy, reason=REASON)
    assert not told()
    break_glass.confirm(declaration=asked, by=made.colleague())
    readers = [message.to for message in told()]
    assert {other.email, made.supervisor.email} <= set(readers)
    assert len(readers) == len(set(readers))


def test_a_supervisor_who_broke_it_is_not_asked() -> None:
    made = scene(critical=False)
    asked = break_glass.ask(incident=made.incident, by=made.deputy, reason=REASON)
    second = made.colleague(Role.SUPERVISOR)
    break_glass.confirm(declaration=asked, by=second)
    assert second.email not in {message.to for message in told()}


def test_what_they_read(other: User) -> None:
    waits, glass = scene(critical=False), scene(critical=False)
    with time_machine.travel(timezone.now(), tick=False):
        half_an_hour = timezone.localtime() + timedelta(minutes=30)
        waits.declare(radius_m=LARGE_M)
        broken(glass)
    mine = {str(message.context["declaration"]): text_of(message) for message in told() if message.to == other.email}
    [about_circle] = [text for text in mine.values() if "waits for you" in text]
    [about_glass] = [text for text in mine.values() if "The glass was broken" in text]
    for text in (about_circle, about_glass):
        assert date_format(half_an_hour, "TIME_FORMAT") in text
    assert f"{waits.supervisor.pseudonym} asks a second supervisor" in about_circle
    assert f"/console/incidents/{waits.incident.pk}/critical/" in about_circle
    assert glass.deputy.pseudonym in about_glass
    assert glass.others[0].pseudonym in about_glass
    assert REASON not in about_glass
