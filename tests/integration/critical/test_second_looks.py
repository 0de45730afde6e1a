"""Who is written to at once: supervisors about a large circle, everybody on duty and who oversees about the glass."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.formats import date_format

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.critical import services
from integration.critical.models import Declaration
from tests.factories import person
from tests.integration.critical.scenes import REASON, Scene, broken, scene
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def make_world() -> Scene:
    return scene(critical=False, verified=False)


LARGE_M = 900.0


def told(kind: MessageKind = MessageKind.CRITICAL_LOOK) -> list[Message]:
    return list(Message.objects.filter(kind=kind))


def text_of(message: Message) -> str:
    rendered = letter_of(message)
    return f"{rendered.subject}\n{rendered.text}"


@pytest.fixture
def other() -> User:
    """Return a supervisor who has nothing to do with the incident."""
    return person(Role.SUPERVISOR)


def test_a_circle_that_waits_is_told_once_to_those_who_can_confirm_it(world: Scene, other: User) -> None:
    world.verify()
    waits = world.declare(radius_m=LARGE_M)
    readers = {message.to for message in told()}
    assert other.email in readers
    assert {world.supervisor.email, world.deputy.email}.isdisjoint(readers)
    services.second_declaration(declaration=waits, by=other)
    assert {message.to for message in told()} == readers
    assert len(told()) == len(readers)


def test_the_opener_can_do_nothing_and_is_not_asked(world: Scene) -> None:
    world.verify()
    opener = person(Role.SUPERVISOR)
    type(world.incident).objects.filter(pk=world.incident.pk).update(opened_by=opener)
    world.declare(radius_m=LARGE_M)
    assert opener.email not in {message.to for message in told()}


def test_a_declaration_within_the_limits_asks_nobody(world: Scene, other: User) -> None:
    world.verify()
    world.declare()
    assert not told()


def test_the_question_goes_at_once_to_every_deputy_and_supervisor_but_the_asker(world: Scene, other: User) -> None:
    world.verify()
    deputy, gone, clerk = person(Role.DEPUTY), person(Role.DEPUTY), person(Role.CLERK)
    User.objects.filter(pk=gone.pk).update(is_active=False, disabled_at=timezone.now())
    services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    readers = [message.to for message in told(MessageKind.GLASS_ASKED)]
    assert {other.email, deputy.email, world.supervisor.email} <= set(readers)
    assert {world.deputy.email, gone.email, clerk.email}.isdisjoint(readers)
    assert len(readers) == len(set(readers))


def test_who_oversees_is_told_when_the_glass_breaks_and_not_before(world: Scene, other: User) -> None:
    world.verify()
    auditor, administrator = person(Role.AUDITOR), person(Role.ADMINISTRATOR)
    asked = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    assert not told(MessageKind.GLASS_BROKEN)
    services.break_glass(declaration=asked, by=world.colleague())
    readers = [message.to for message in told(MessageKind.GLASS_BROKEN)]
    assert {other.email, world.supervisor.email, auditor.email, administrator.email} <= set(readers)
    assert len(readers) == len(set(readers))
    [entry] = entries_of(Event.GLASS_BROKEN)
    assert entry.facts["told"] == len(readers)


def test_a_supervisor_who_broke_it_is_not_told(world: Scene) -> None:
    world.verify()
    asked = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    second = world.colleague(Role.SUPERVISOR)
    services.break_glass(declaration=asked, by=second)
    assert second.email not in {message.to for message in told(MessageKind.GLASS_BROKEN)}


def test_what_they_read(world: Scene, other: User) -> None:
    auditor, deputy = person(Role.AUDITOR), person(Role.DEPUTY)
    world.verify()
    waits, glass = world, scene(critical=False)
    with time_machine.travel(timezone.now(), tick=False):
        half_an_hour = timezone.localtime() + timedelta(minutes=30)
        waits.declare(radius_m=LARGE_M)
        broken(glass)
    [about_circle] = [text_of(each) for each in told() if each.to == other.email]
    [question] = [text_of(each) for each in told(MessageKind.GLASS_ASKED) if each.to == deputy.email]
    broke = {each.to: text_of(each) for each in told(MessageKind.GLASS_BROKEN)}
    for text in (about_circle, question, broke[other.email], broke[auditor.email]):
        assert date_format(half_an_hour, "TIME_FORMAT") in text
        assert REASON not in text
    assert f"{waits.supervisor.pseudonym} asks a second supervisor" in about_circle
    assert f"/console/incidents/{waits.incident.pk}/critical/" in about_circle
    assert glass.deputy.pseudonym in question
    assert f"/console/declarations/{Declaration.objects.get(kind='break_glass').pk}/glass/" in question
    said = " ".join(broke[other.email].split())
    assert f"{glass.deputy.pseudonym} opened the incident and asked for broken glass, and" in said
    assert f"{glass.others[0].pseudonym} confirmed it. Somebody had checked the incident before." in said
    assert f"{glass.deputy.pseudonym} or {glass.others[0].pseudonym} must write why within a week" in said
    assert f"/console/incidents/{glass.incident.pk}/critical/" in broke[other.email]
    assert "or end it" in broke[other.email]
    assert "or end it" not in broke[auditor.email]
    assert "/console/incidents/" not in broke[auditor.email]
