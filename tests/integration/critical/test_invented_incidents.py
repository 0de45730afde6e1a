"""Two who agree, and incidents that never were: the glass shows a camera once a day, and a person twice a week."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from integration.cores.models import DeviceCamera
from integration.critical import extensions, services
from integration.live.models import ViewGrant
from integration.live.services import offers, views
from integration.live.services.gate import ViewRefused
from integration.live.video import decisions
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.critical.scenes import (
    AGAIN,
    NETWORK,
    REASON,
    SESSION,
    Scene,
    checked,
    checked_on_line,
    glass_of,
    invented,
    scene,
)
from tests.people import sign_in

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
SECOND = timedelta(seconds=1)
SEEN = "under another broken glass"
TWICE = "twice in 7 days"


def make_world() -> Scene:
    return scene(critical=False, verified=False)


def after(span: timedelta) -> time_machine.travel:
    return time_machine.travel(timezone.now() + span, tick=False)


def refused(view: Callable[[], object]) -> str:
    """Return the name of the condition that refuses a view."""
    with pytest.raises(ViewRefused) as error:
        view()
    return error.value.condition


@pytest.mark.django_db
class TestOneCamera:
    """A camera that was viewed under one glass is closed to any other for a day."""

    def test_two_deputies_do_not_see_it_under_one_invented_incident_after_another(self, world: Scene) -> None:
        second, third = invented(world), invented(world)
        glass_of(world, second=second.deputy)
        assert checked(world.view())
        for each, partner in ((second, world.deputy), (third, person(Role.DEPUTY))):
            glass_of(each, second=partner)
            assert refused(each.view) == "another glass"
        assert ViewGrant.objects.count() == 1

    def test_its_own_views_go_on_and_begin_again(self, world: Scene) -> None:
        glass_of(world)
        view = world.view()
        other = invented(world)
        glass_of(other)
        refused(other.view)
        assert checked(view)
        assert checked_on_line(view)
        assert checked(world.view(by=world.colleague(), reason=AGAIN))

    def test_a_camera_that_nobody_viewed_is_open_to_the_next_glass(self, world: Scene) -> None:
        glass_of(world)
        other = invented(world)
        glass_of(other)
        assert checked(other.view())

    def test_the_day_counts_from_when_it_was_last_seen(self, world: Scene) -> None:
        with time_machine.travel(timezone.now(), tick=False) as clock:
            ended = glass_of(world).ends_at
            world.view()
            assert ended is not None
            clock.move_to(ended + DAY - SECOND)
            other = invented(world)
            glass_of(other)
            assert refused(other.view) == "another glass"
            clock.move_to(ended + DAY)
            assert checked(other.view())

    @pytest.mark.parametrize("verified", [True, False])
    def test_a_supervisors_word_opens_it(self, world: Scene, *, verified: bool) -> None:
        if verified:
            world.verify()
        glass_of(world)
        world.view()
        other = invented(world)
        glass_of(other)
        refused(other.view)
        incidents.verify(incident=other.incident, by=person(Role.SUPERVISOR))
        other.declare(reason=AGAIN)
        assert checked(other.view())

    def test_the_page_and_the_wall_say_why_and_what_would_open_it(self, world: Scene) -> None:
        glass_of(world)
        world.view()
        other = invented(world)
        glass_of(other)
        _incident, _declaration, [offer] = offers.show(incident=other.incident, by=other.deputy)
        assert offer.decision.name == "another glass"
        page = sign_in(other.deputy).get(reverse("incident_live", args=[other.incident.pk])).text
        assert SEEN in page
        assert "A supervisor verifies the incident and declares it critical." in page
        [(_camera, refusal)] = views.start_wall(
            incident=other.incident,
            cameras=[other.camera],
            by=other.deputy,
            reason=REASON,
            network=NETWORK,
            session=SESSION,
        )
        assert isinstance(refusal, ViewRefused)
        assert SEEN in refusal.sentence

    def test_a_view_that_should_never_have_begun_is_not_served(self, world: Scene) -> None:
        """Whatever made it so, here a camera of another device row: the gate asks again for each piece of video."""
        other = scene(critical=False, verified=False)
        for made in (world, other):
            glass_of(made)
        world.view()
        view = other.view()
        assert checked(view)
        assert checked_on_line(view)
        rows = DeviceCamera.objects.filter(pk=world.camera.pk)
        rows.update(camera=other.camera.camera, removed_at=timezone.now())
        decisions.forget([view.pk])
        assert checked(view).name == "another glass"
        decisions.forget([view.pk])
        assert checked_on_line(view).name == "another glass"


@pytest.mark.django_db
class TestOnePerson:
    """A person asks or confirms twice in a week, over all incidents."""

    def test_a_third_question_is_refused(self, world: Scene) -> None:
        asker = world.deputy
        glass_of(world)
        glass_of(invented(world, by=asker))
        third = invented(world, by=asker)
        with pytest.raises(Refused, match=TWICE):
            services.ask_for_glass(incident=third.incident, by=asker, reason=REASON)
        with after(WEEK):
            later = invented(world, by=asker)
            assert glass_of(later)

    def test_nobody_gives_a_third_word(self, world: Scene) -> None:
        helper = person(Role.SUPERVISOR)
        for made in (world, invented(world)):
            glass_of(made, second=helper)
        third = invented(world)
        asked = services.ask_for_glass(incident=third.incident, by=third.deputy, reason=REASON)
        for act in (services.read_question, services.break_glass):
            with pytest.raises(Refused, match=TWICE):
                act(declaration=asked, by=helper)
        assert services.break_glass(declaration=asked, by=person(Role.DEPUTY))

    def test_asking_and_confirming_count_together(self, world: Scene) -> None:
        two = (world.deputy, person(Role.DEPUTY))
        glass_of(world, second=two[1])
        glass_of(invented(world, by=two[1]), second=two[0])
        for asker in two:
            with pytest.raises(Refused, match=TWICE):
                services.ask_for_glass(incident=invented(world, by=asker).incident, by=asker, reason=REASON)

    def test_what_waits_counts_and_what_nobody_confirmed_does_not(self, world: Scene) -> None:
        """At night a colleague may sleep through the question: an asker whom nobody confirmed has broken no glass."""
        asker = world.deputy
        questions = [
            services.ask_for_glass(incident=made.incident, by=asker, reason=REASON)
            for made in (world, invented(world, by=asker))
        ]
        third = invented(world, by=asker)
        with pytest.raises(Refused, match=TWICE):
            services.ask_for_glass(incident=third.incident, by=asker, reason=REASON)
        services.decline_declaration(declaration=questions[0], by=asker)
        assert services.ask_for_glass(incident=third.incident, by=asker, reason=REASON)

    def test_the_pages_say_so_before_anything_is_typed_and_nobody_is_asked_in_vain(self, world: Scene) -> None:
        asker = world.deputy
        glass_of(world)
        glass_of(invented(world, by=asker))
        third, waiting = invented(world, by=asker), invented(world)
        asked = services.ask_for_glass(incident=waiting.incident, by=waiting.deputy, reason=REASON)
        browser = sign_in(asker)
        for name, pk in (("glass_ask", third.incident.pk), ("glass_confirm", asked.pk)):
            answer = browser.get(reverse(name, args=[pk]))
            assert answer.status_code == 403
            assert TWICE in answer.text
        assert TWICE in browser.get(reverse("incident", args=[third.incident.pk])).text
        assert extensions.declarations_to_second(asker) == []
        assert len(extensions.declarations_to_second(person(Role.DEPUTY))) == 1
