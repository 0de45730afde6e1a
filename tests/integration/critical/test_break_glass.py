"""Break-glass: a provisional declaration of two people, once, for half an hour, with a justification that is due."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from integration.critical import services
from integration.critical.models import Declaration, DeclarationEnd
from integration.critical.policies import is_in_force
from integration.live.services import offers
from integration.live.services.gate import ViewRefused
from integration.sharing import services as sharing
from registry.canvasses import policies
from registry.canvasses.models import FootageRequest
from registry.canvasses.policies import Seen
from registry.canvasses.services import canvasses
from registry.incidents.services import incidents
from tests.factories import person, wanted_of
from tests.integration.clips import clipping
from tests.integration.critical.scenes import AGAIN, REASON, Scene, broken, checked, scene
from tests.integration.sharing.consent import set_mode
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def make_world() -> Scene:
    return scene(critical=False, verified=False)


NOTHING_SEEN = Seen(searched=0, owners=frozenset(), here=frozenset())
WHY = "Shots were fired inside the bank. No supervisor answered the radio for six minutes, and people were inside."


def after(span: timedelta) -> time_machine.travel:
    return time_machine.travel(timezone.now() + span, tick=False)


def test_two_people_break_it_for_half_an_hour(world: Scene) -> None:
    world.verify()
    glass = broken(world)
    assert glass.starts_at is not None
    assert glass.ends_at == glass.starts_at + timedelta(minutes=30)
    assert checked(world.view())
    assert len(entries_of(Event.GLASS_ASKED)) == len(entries_of(Event.GLASS_BROKEN)) == 1
    with after(timedelta(minutes=30)):
        assert not is_in_force(glass, timezone.now())


def test_one_person_is_not_two(world: Scene) -> None:
    world.verify()
    asked = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    with pytest.raises(Refused, match="Somebody else"):
        services.break_glass(declaration=asked, by=world.deputy)


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.SUPERVISOR])
def test_who_works_on_it_asks_and_any_other_confirms(world: Scene, role: str) -> None:
    world.verify()
    with pytest.raises(Refused, match="assigned"):
        services.ask_for_glass(incident=world.incident, by=person(role), reason=REASON)
    asked = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    second = person(role)
    assert services.break_glass(declaration=asked, by=second).seconded_by == second
    # Their word is all that they give: they do not work on the incident by it, and see no camera.
    assert not world.incident.assignments.filter(user=second).exists()
    with pytest.raises(ViewRefused) as refused:
        world.view(by=second)
    assert refused.value.condition == "assigned"


@pytest.mark.parametrize("role", sorted({*AGENCY_ROLES} - {Role.DEPUTY, Role.SUPERVISOR}))
def test_nobody_else_is_the_second(world: Scene, role: str) -> None:
    world.verify()
    asked = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    for act in (services.read_question, services.break_glass):
        with pytest.raises(Refused):
            act(declaration=asked, by=person(role))


def test_it_is_broken_once_for_an_incident(world: Scene) -> None:
    world.verify()
    glass = broken(world)
    services.end_declaration(declaration=glass, by=world.supervisor)
    with pytest.raises(Stale, match="once"):
        services.ask_for_glass(incident=world.incident, by=world.deputy, reason=AGAIN)


def test_what_is_critical_anyway_has_no_glass_to_break(world: Scene) -> None:
    world.verify()
    world.declare()
    with pytest.raises(Stale, match="already"):
        services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    with after(timedelta(hours=4)):
        assert broken(world).starts_at == timezone.now()


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize(
    ("owner_says", "condition"),
    [
        (lambda made: set_mode(made.camera, "never"), "mode"),
        (lambda made: set_mode(made.camera, "ask"), "shared now"),
        (lambda made: sharing.pause_sharing(registrant=made.registrant, by=made.owner), "pause"),
    ],
    ids=["never", "ask", "pause"],
)
def test_it_changes_who_says_critical_and_nothing_of_what_owners_say(
    world: Scene, owner_says: Callable[[Scene], object], condition: str, *, verified: bool
) -> None:
    if verified:
        world.verify()
    broken(world)
    owner_says(world)
    with pytest.raises(ViewRefused) as refused:
        world.view()
    assert refused.value.condition == condition


class TestUnverified:
    """At night: nobody has verified the incident, and nobody can."""

    def test_the_second_word_counts_for_this_glass_alone(self, world: Scene) -> None:
        glass = broken(world)
        view = world.view()
        assert checked(view)
        world.incident.refresh_from_db()
        assert not world.incident.is_verified
        _incident, _declaration, [offer] = offers.show(incident=world.incident, by=world.deputy)
        assert offer.camera == world.camera
        services.end_declaration(declaration=glass, by=world.deputy)
        view.refresh_from_db()
        assert (view.state, view.condition) == ("ended", "declared critical")
        with pytest.raises(ViewRefused) as refused:
            world.view(reason=AGAIN)
        assert refused.value.condition == "incident verified"
        with pytest.raises(Refused, match="verify"):
            world.declare()

    def test_the_limits_of_search_stay(self, world: Scene) -> None:
        broken(world)
        draft = canvasses.draft(incident=world.incident, by=world.deputy, wanted=wanted_of(world.incident))
        with pytest.raises(Refused, match="before another area is searched"):
            canvasses.draft(incident=world.incident, by=world.deputy, wanted=wanted_of(world.incident))
        with pytest.raises(Refused, match="more than 25 owners"):
            policies.may_show_owners(draft, NOTHING_SEEN, {uuid4() for _each in range(26)})

    def test_no_owner_is_asked_for_a_clip(self, world: Scene) -> None:
        broken(world)
        with pytest.raises(Refused, match="before a clip is asked for"):
            clipping.asked(world)
        assert not FootageRequest.objects.exists()

    def test_it_closes_after_a_day_like_any_other(self, world: Scene) -> None:
        with after(timedelta(hours=23, minutes=45)):
            view_of = broken(world)
            view = world.view()
        with after(timedelta(hours=24, minutes=1)):
            assert is_in_force(view_of, timezone.now())
            assert incidents.close_unverified() == 1
            assert not checked(view)
        view_of.refresh_from_db()
        assert view_of.end == DeclarationEnd.CLOSED

    def test_a_supervisor_who_wakes_up_verifies_and_declares(self, world: Scene) -> None:
        glass = broken(world)
        view = world.view()
        incidents.verify(incident=world.incident, by=world.supervisor)
        assert checked(view)
        world.declare(reason=AGAIN)
        glass.refresh_from_db()
        assert glass.end == DeclarationEnd.REPLACED

    def test_a_change_of_the_incident_ends_it(self, world: Scene) -> None:
        glass = broken(world)
        view, was = world.view(), world.incident
        kept: dict[str, Any] = {name: getattr(was, name) for name in ("type", "point", "starts_at", "ends_at")}
        incidents.change(incident=was, by=world.deputy, place="Another corner of the park", **kept)
        glass.refresh_from_db()
        assert glass.end == DeclarationEnd.CHANGED
        assert not checked(view)


def test_it_is_not_renewed(world: Scene) -> None:
    world.verify()
    with pytest.raises(Stale, match="can't be renewed"):
        services.renew_declaration(declaration=broken(world), by=world.supervisor, reason=AGAIN)


def test_a_question_that_nobody_answers_is_dropped(world: Scene) -> None:
    world.verify()
    asked = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    with after(timedelta(minutes=31)):
        assert services.end_due_declarations() == 1
        with pytest.raises(Stale, match="does not wait for a second person"):
            services.break_glass(declaration=asked, by=world.colleague())
        assert broken(world).starts_at


def test_an_incident_that_was_closed_meanwhile_stays_closed(world: Scene) -> None:
    world.verify()
    asked = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    other = world.colleague()
    incidents.close(incident=world.incident, by=world.supervisor)
    with pytest.raises(Stale, match="is closed"):
        services.break_glass(declaration=asked, by=other)


def test_one_drops_the_question_who_sees_the_incident_and_nobody_else(world: Scene) -> None:
    world.verify()
    asked = services.ask_for_glass(incident=world.incident, by=world.deputy, reason=REASON)
    with pytest.raises(Refused, match="assigned"):
        services.decline_declaration(declaration=asked, by=person(Role.DEPUTY))
    services.decline_declaration(declaration=asked, by=world.supervisor)


class TestJustification:
    def test_one_of_the_two_writes_it_once(self, world: Scene) -> None:
        world.verify()
        glass = broken(world)
        with pytest.raises(Refused, match="One of the two"):
            services.justify_glass(declaration=glass, by=world.supervisor, text=WHY)
        for text in ("", "n/a", glass.reason, glass.reason.upper()):
            with pytest.raises(ValidationError):
                services.justify_glass(declaration=glass, by=world.deputy, text=text)
        done = services.justify_glass(declaration=glass, by=world.others[0], text=WHY)
        assert done.justification == WHY
        with pytest.raises(Stale, match="already"):
            services.justify_glass(declaration=glass, by=world.deputy, text=WHY)
        with after(timedelta(days=8)):
            assert services.flag_overdue_glass() == 0

    def test_overdue_it_is_a_flag_and_a_message_and_still_due(self, world: Scene) -> None:
        world.verify()
        auditor, administrator = person(Role.AUDITOR), person(Role.ADMINISTRATOR)
        glass = broken(world)
        with after(timedelta(days=6, hours=23)):
            assert services.flag_overdue_glass() == 0
        with after(timedelta(days=7)):
            assert services.flag_overdue_glass() == 1
            assert services.flag_overdue_glass() == 0
            [entry] = entries_of(Event.GLASS_OVERDUE)
            assert entry.facts["flag"] == "unjustified"
            build = kind_of(MessageKind.GLASS_OVERDUE).build
            sent = Message.objects.filter(kind=MessageKind.GLASS_OVERDUE)
            told = {message.to: str(build(message.context)["link"]) for message in sent}
            assert told.keys() >= {auditor.email, administrator.email, world.supervisor.email}
            assert world.deputy.email not in told
            assert str(world.incident.pk) in told[world.supervisor.email]
            assert told[auditor.email].endswith(reverse("console"))
            services.justify_glass(declaration=glass, by=world.deputy, text=WHY)
        assert entries_of(Event.GLASS_JUSTIFIED)[0].facts["when"] == "late"

    def test_a_declaration_of_a_supervisor_needs_none(self, world: Scene) -> None:
        world.verify()
        world.declare()
        assert world.declaration is not None
        with pytest.raises(Stale, match="No glass"):
            services.justify_glass(declaration=world.declaration, by=world.supervisor, text=WHY)
        assert Declaration.objects.get().justify_by is None
