"""The console's pages about critical incidents and what can be seen live, as people use them."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audit.log.events import Event
from fusus_portal.ground.pages import times
from integration.cores.models import Core
from integration.live.models import ViewGrant
from integration.live.policies import BY_NAME
from integration.live.services import offers, views
from integration.live.video.connection import live
from integration.rules import OFFLINE_AFTER
from integration.sharing import services as sharing
from integration.sharing.hours import rule_in_words
from integration.sharing.models import SharingRule
from integration.sharing.services import Wish
from registry.incidents.services import incidents
from registry.places.models import Camera
from tests.factories import LINN_PARK, camera_at, north_of
from tests.integration.cores.devices import business_at
from tests.integration.critical.scenes import AGAIN, REASON, Scene, scene
from tests.integration.live.views.test_views_refused import REFUSALS
from tests.integration.sharing.consent import connected, set_mode, signed
from tests.people import sign_in
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

make_world = scene

LARGE_M = 900.0


def text_of(answer: Any) -> str:
    """Return what a page says, on one line."""
    return " ".join(answer.content.decode().split())


def path(name: str, *values: object) -> str:
    return reverse(name, args=[getattr(value, "pk", value) for value in values])


def begin(made: Scene, browser: Client, **typed: str) -> Any:
    """Press the button that begins a view."""
    return browser.post(path("live_start", made.incident), {"reason": REASON, "only": str(made.camera.pk)} | typed)


class TestOffers:
    def test_it_does_not_say_that_a_camera_of_an_offline_core_can_be_seen_now(self, world: Scene) -> None:
        Core.objects.filter(pk=world.camera.core_id).update(seen_at=timezone.now() - OFFLINE_AFTER)
        browser = sign_in(world.deputy)
        page = text_of(browser.get(path("incident_live", world.incident)))
        assert "Can be seen now" not in page
        assert "Its CORE is offline: no picture until it is back" in page
        asking = text_of(browser.get(path("clip_ask", world.incident, world.camera)))
        assert "Its CORE is offline. It can send a clip once it is back." in asking

    def test_it_shows_the_cameras_inside_the_circle_and_no_other(self, world: Scene) -> None:
        far = connected(business_at(north_of(LINN_PARK, 600)), mode="incident")
        signed(far.camera.premises.registrant)
        home = camera_at(north_of(LINN_PARK, 30))
        page = text_of(sign_in(world.deputy).get(path("incident_live", world.incident)))
        assert f"camera-{world.camera.pk}" in page
        assert "Can be seen now" in page
        assert "30 minutes left" in page
        for hidden in (far.pk, far.camera.pk, home.pk):
            assert str(hidden) not in page
        assert len(entries_of(Event.VIEW_OFFERED)) == 1

    def test_a_refusal_by_its_hours_says_the_rule_in_the_words_of_its_owner(self, world: Scene) -> None:
        today = timezone.localdate().weekday()
        opening = [[] if day == (today + 3) % 7 else [[0, 1440]] for day in range(7)]
        wish = Wish("outside", opening)
        sharing.set_rule(camera=world.camera, by=world.owner, wish=wish)
        page = text_of(sign_in(world.deputy).get(path("incident_live", world.incident)))
        assert "The owner does not share this camera at this hour." in page
        rule = rule_in_words(SharingRule.objects.get(camera=world.camera))
        assert rule.startswith("Outside opening hours, during a critical incident nearby; Opening hours: ")
        assert f"Wait for an hour at which the owner shares it. The rule is: {rule}" in page
        assert rule in text_of(sign_in(world.owner).get(path("device", world.camera.core)))

    def test_each_camera_that_is_shown_is_one_entry_in_ten_minutes(self, world: Scene) -> None:
        browser = sign_in(world.deputy)
        for _look in range(2):
            browser.get(path("incident_live", world.incident))
        [entry] = entries_of(Event.VIEW_OFFERED)
        assert entry.camera_id == str(world.camera.camera_id)
        assert entry.camera_number > 0

    def test_without_a_declaration_it_shows_none_and_says_why(self) -> None:
        made = scene(critical=False)
        page = text_of(sign_in(made.deputy).get(path("incident_live", made.incident)))
        assert str(BY_NAME["declared critical"].sentence) in page
        assert f"camera-{made.camera.pk}" not in page
        assert not entries_of(Event.VIEW_OFFERED)

    def test_a_supervisor_who_does_not_work_on_it_sees_none(self, world: Scene) -> None:
        assert sign_in(world.supervisor).get(path("incident_live", world.incident)).status_code == 403
        assert not entries_of(Event.VIEW_OFFERED)

    def test_it_says_who_sees_a_camera_now(self, world: Scene) -> None:
        other = world.colleague()
        world.view(by=other)
        page = text_of(sign_in(world.deputy).get(path("incident_live", world.incident)))
        assert f"Viewing it now: {other.pseudonym}" in page

    def test_more_cameras_are_no_more_queries(
        self, world: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for meters in range(5):
            other = connected(business_at(north_of(LINN_PARK, meters)), mode="incident")
            signed(other.camera.premises.registrant)
        with django_assert_max_num_queries(24):
            _incident, _declaration, offered = offers.show(incident=world.incident, by=world.deputy)
        assert len(offered) == 6

    def test_it_says_what_a_camera_covers_or_what_kind_it_is(self, world: Scene) -> None:
        browser = sign_in(world.deputy)
        for covers, said in (("", "Dome"), ("The loading dock", "The loading dock")):
            Camera.objects.filter(pk=world.camera.camera_id).update(kind="Dome", covers=covers)
            assert f"· {said}</p>" in text_of(browser.get(path("incident_live", world.incident)))

    def test_it_says_what_the_owner_says(self, world: Scene) -> None:
        set_mode(world.camera, "never")
        page = text_of(sign_in(world.deputy).get(path("incident_live", world.incident)))
        assert "The owner never shares this camera." in page
        assert "View live" not in page


class TestStart:
    def test_a_reason_and_one_press_begin_it(self, world: Scene) -> None:
        browser = sign_in(world.deputy)
        answer = begin(world, browser)
        assert answer.status_code == 302
        assert answer["Location"] == path("live_watch", world.incident)
        view = ViewGrant.objects.get()
        assert (view.deputy, view.network) == (world.deputy, "127.0.0.1")
        assert path("live_watch", world.incident) in text_of(browser.get(reverse("live")))
        assert "You are viewing it" in text_of(browser.get(path("incident_live", world.incident)))

    @pytest.mark.parametrize(
        ("reason", "said"),
        [
            ("  ", "Write why this is needed now."),
            ("test", "This does not say why."),
            (f"{REASON} {'smoke rises ' * 50}", "at most 500 characters"),
        ],
    )
    def test_without_a_reason_nothing_begins(self, world: Scene, reason: str, said: str) -> None:
        answer = begin(world, sign_in(world.deputy), reason=reason)
        assert answer.status_code == 422
        assert text_of(answer).count(said) == 1
        assert re.search(r'<input[^>]* name="reason"[^>]* autofocus', answer.content.decode())
        assert not ViewGrant.objects.exists()
        assert entries_of(Event.VIEW_REFUSED)[0].facts["condition"] == "reason"

    @pytest.mark.parametrize("name", sorted(set(REFUSALS) - {"assigned"}))
    def test_each_condition_refuses_with_its_sentence_and_its_entry(self, world: Scene, name: str) -> None:
        browser = sign_in(world.deputy)
        REFUSALS[name](world)
        answer = begin(world, browser)
        assert answer.status_code == 403
        assert f"{BY_NAME[name].sentence} {BY_NAME[name].change}".strip() in text_of(answer)
        assert [entry.facts["condition"] for entry in entries_of(Event.VIEW_REFUSED)] == [name]
        assert not ViewGrant.objects.exists()

    def test_a_supervisor_who_does_not_work_on_it_begins_nothing(self, world: Scene) -> None:
        answer = begin(world, sign_in(world.supervisor))
        assert answer.status_code == 403
        assert str(BY_NAME["assigned"].sentence) in text_of(answer)

    def test_an_incident_that_nobody_verified_shows_nothing(self) -> None:
        made = scene(critical=False, verified=False)
        answer = begin(made, sign_in(made.deputy))
        assert answer.status_code == 403
        assert str(BY_NAME["incident verified"].sentence) in text_of(answer)

    def test_without_an_agreement_nothing_begins(self, world: Scene) -> None:
        business = connected(business_at(north_of(LINN_PARK, 20)), mode="incident")
        world.camera = business
        answer = begin(world, sign_in(world.deputy))
        assert answer.status_code == 403
        assert str(BY_NAME["agreement"].sentence) in text_of(answer)

    def test_without_a_safe_memory_nothing_begins(self, world: Scene, settings: Any) -> None:
        settings.LIVE_REDIS_URL = ""
        answer = begin(world, sign_in(world.deputy))
        assert answer.status_code == 403
        assert str(BY_NAME["live store"].sentence)[:24] in text_of(answer)

    def test_used_up_time_wants_another_reason(self, world: Scene) -> None:
        world.view()
        live().flushdb()
        with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
            views.sweep()
            browser = sign_in(world.deputy)
            refused = begin(world, browser)
            assert refused.status_code == 403
            assert str(BY_NAME["time"].sentence) in text_of(refused)
            page = text_of(browser.get(path("incident_live", world.incident)))
            assert str(BY_NAME["time"].sentence) in page
            assert "View it for 30 minutes more" in page
            assert begin(world, browser, reason=AGAIN, more=str(world.camera.pk)).status_code == 302
        assert len(entries_of(Event.VIEW_EXTENDED)) == 1


def test_the_list_of_what_is_live_is_ones_own(world: Scene) -> None:
    other = scene()
    assert world.declaration is not None
    assert world.declaration.ends_at is not None
    page = text_of(sign_in(world.deputy).get(reverse("live")))
    assert world.incident.number in page
    assert f"Critical until {times.hour(world.declaration.ends_at)}" in page
    assert other.incident.number not in page
    incidents.close(incident=world.incident, by=world.supervisor)
    assert "No incident of yours is critical now" in text_of(sign_in(world.deputy).get(reverse("live")))
