"""The console's pages on which an incident is declared critical, or its glass broken, as people use them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.pages.numbers import in_feet
from integration.critical import services
from integration.critical.models import Declaration
from integration.critical.states import DeclarationState
from tests.factories import LINN_PARK, north_of, person
from tests.integration.critical.scenes import AGAIN, REASON, Scene, broken, scene
from tests.integration.critical.test_break_glass import WHY
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def make_world() -> Scene:
    return scene(critical=False, verified=False)


LARGE_M = 900.0


def text_of(answer: Any) -> str:
    """Return what a page says, on one line."""
    return " ".join(answer.content.decode().split())


def path(name: str, *values: object) -> str:
    return reverse(name, args=[getattr(value, "pk", value) for value in values])


def begin(made: Scene, browser: Client, **typed: str) -> Any:
    """Press the button that begins a view."""
    return browser.post(path("live_start", made.incident), {"reason": REASON, "only": str(made.camera.pk)} | typed)


def typed(made: Scene, **changes: Any) -> dict[str, Any]:
    """Return what a supervisor types into the form of a declaration."""
    point = made.incident.point
    return {
        "latitude": point.latitude,
        "longitude": point.longitude,
        "radius_m": 1640,
        "reason": REASON,
    } | changes


class TestDeclaring:
    def test_a_circle_is_looked_at_before_it_counts(self, world: Scene) -> None:
        world.verify()
        browser, address = sign_in(world.supervisor), path("critical_declare", world.incident)
        assert browser.get(address).status_code == 200
        looked = text_of(browser.post(address, typed(world)))
        assert "Is this right?" in looked
        assert "0.30 square miles" in looked
        assert not Declaration.objects.exists()
        changed = text_of(browser.post(address, typed(world) | {"step": "fill-in"}))
        assert REASON in changed
        answer = browser.post(address, typed(world) | {"step": "save"}, follow=True)
        assert "Declared critical." in text_of(answer)
        assert Declaration.objects.get().state == DeclarationState.IN_FORCE

    def test_what_is_wrong_stands_beside_its_field_and_declares_nothing(self, world: Scene) -> None:
        world.verify()
        browser, address = sign_in(world.supervisor), path("critical_declare", world.incident)
        for wrong, sentence in (
            ({"reason": "investigation"}, "does not say why"),
            ({"radius_m": 7000}, "at most 6561"),
            ({"radius_m": 2}, "between 83 and 6,561 feet"),
            ({"latitude": north_of(LINN_PARK, 700).latitude}, "must hold the place of the incident"),
        ):
            for step in ({}, {"step": "save"}):
                assert sentence in text_of(browser.post(address, typed(world, **wrong) | step))
        assert not Declaration.objects.exists()

    def test_a_large_circle_waits_on_the_start_page_of_another_supervisor(self, world: Scene) -> None:
        world.verify()
        browser, declare = sign_in(world.supervisor), path("critical_declare", world.incident)
        large = typed(world, radius_m=in_feet(LARGE_M))
        assert "It waits until a second one confirms it" in text_of(browser.post(declare, large))
        answer = browser.post(declare, large | {"step": "save"}, follow=True)
        assert "Asked. A second supervisor confirms it." in text_of(answer)
        waits = Declaration.objects.get()
        other = sign_in(person(Role.SUPERVISOR))
        address = path("declaration_second", waits)
        assert address in text_of(other.get(reverse("console")))
        assert address not in text_of(sign_in(world.supervisor).get(reverse("console")))
        assert "larger than one person may declare" in text_of(other.get(address))
        other.post(address)
        waits.refresh_from_db()
        assert waits.state == DeclarationState.IN_FORCE

    def test_the_map_shows_what_waits_before_what_is_in_force(self, world: Scene) -> None:
        world.verify()
        browser, address = sign_in(world.supervisor), path("critical", world.incident)
        assert 'data-radius=""' in text_of(browser.get(address))
        for radius in (500, LARGE_M):
            world.declare(radius_m=radius)
            assert f'data-radius="{radius:.0f}"' in text_of(browser.get(address))

    def test_it_is_dropped_renewed_and_ended_there(self, world: Scene) -> None:
        world.verify()
        supervisor = sign_in(world.supervisor)
        waits = world.declare(radius_m=LARGE_M)
        assert supervisor.post(path("declaration_decline", waits)).status_code == 302
        declared = world.declare()
        renew = path("declaration_renew", declared)
        assert supervisor.get(renew).status_code == 200
        assert "repeats what is known already" in text_of(supervisor.post(renew, {"reason": REASON}))
        supervisor.post(renew, {"reason": AGAIN})
        declared.refresh_from_db()
        assert declared.renewals == 1
        deputy, end = sign_in(world.deputy), path("declaration_end", declared)
        assert "ends at once" in text_of(deputy.get(end))
        deputy.post(end)
        declared.refresh_from_db()
        assert declared.state == DeclarationState.ENDED
        assert deputy.post(end).status_code == 409

    def test_the_page_tells_everything_that_was_declared(self, world: Scene) -> None:
        world.verify()
        world.declare()
        page = text_of(sign_in(world.deputy).get(path("critical", world.incident)))
        assert REASON in page
        assert world.supervisor.pseudonym in page
        assert "Critical until" in page

    def test_the_section_says_why_a_button_can_t_be_used(self, world: Scene) -> None:
        world.verify()
        page = text_of(sign_in(world.deputy).get(path("incident", world.incident)))
        assert "The incident must be declared critical first." in page
        assert path("critical_declare", world.incident) not in page
        opener = person(Role.SUPERVISOR)
        world.incident.opened_by = opener
        world.incident.save()
        page = text_of(sign_in(opener).get(path("incident", world.incident)))
        assert "Ask another supervisor." in page

    @pytest.mark.parametrize("name", ["critical", "glass_ask", "incident_live"])
    def test_another_deputys_incident_is_not_there(self, world: Scene, name: str) -> None:
        assert sign_in(person(Role.DEPUTY)).get(path(name, world.incident)).status_code == 404

    def test_another_deputys_declaration_is_not_there(self, world: Scene) -> None:
        world.verify()
        world.declare()
        declared = Declaration.objects.get()
        stranger = sign_in(person(Role.DEPUTY))
        for name in ("declaration_end", "glass_confirm", "glass_justify"):
            assert stranger.get(path(name, declared)).status_code == 404
        assert stranger.post(path("declaration_decline", declared)).status_code == 404
        assert begin(world, stranger).status_code == 404


class TestGlass:
    def test_two_people_break_it_and_one_says_why(self, world: Scene) -> None:
        other = world.colleague()
        first, second = sign_in(world.deputy), sign_in(other)
        ask = path("glass_ask", world.incident)
        assert "say why within a week" in text_of(first.get(ask))
        assert "does not say why" in text_of(first.post(ask, {"reason": "test"}))
        first.post(ask, {"reason": REASON})
        asked = Declaration.objects.get()
        confirm = path("glass_confirm", asked)
        assert confirm in text_of(second.get(reverse("console")))
        shown = text_of(second.get(confirm))
        assert REASON in shown
        assert "Nobody has verified this incident." in shown
        assert first.post(confirm).status_code == 403
        second.post(confirm)
        asked.refresh_from_db()
        assert asked.state == DeclarationState.IN_FORCE
        justify = path("glass_justify", asked)
        assert justify in text_of(first.get(reverse("console")))
        assert "why nobody could wait" in text_of(first.post(justify, {"justification": "n/a"}))
        first.post(justify, {"justification": WHY})
        kept = text_of(second.get(path("critical", world.incident)))
        assert f"as {world.deputy.pseudonym} wrote on" in kept
        assert WHY in kept
        assert "wrote why the glass was broken" in text_of(second.get(path("incident_story", world.incident)))

    def test_overdue_it_stands_on_the_incidents_page_and_before_auditors(self, world: Scene) -> None:
        world.verify()
        broken(world)
        with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
            services.flag_overdue_glass()
        page = text_of(sign_in(world.deputy).get(path("incident", world.incident)))
        assert "Overdue: nobody has said why the glass was broken." in page
        critical = path("critical", world.incident)
        with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
            for role, is_shown in ((Role.AUDITOR, False), (Role.SUPERVISOR, True)):
                page = text_of(sign_in(person(role)).get(reverse("console")))
                assert "Broken glass" in page
                assert "late by" in page
                assert (critical in page) is is_shown

    def test_it_asks_again_for_the_password(self, world: Scene) -> None:
        world.verify()
        browser = sign_in(world.deputy)
        with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
            answer = browser.get(path("glass_ask", world.incident))
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
