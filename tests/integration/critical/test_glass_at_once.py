"""Two who press about the same glass in the same second: one of them does it, the other reads why not."""

from functools import partial

import pytest

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Stale
from integration.critical import services
from integration.critical.models import Declaration
from integration.critical.states import DeclarationState
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.critical.scenes import REASON, scene
from tests.registry.entries import entries_of
from tests.registry.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_confirm_in_the_same_second_one_breaks_it() -> None:
    made = scene(critical=False, verified=False)
    asked = services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    two = [person(Role.DEPUTY), person(Role.SUPERVISOR)]
    outcomes = at_once(*(partial(services.break_glass, declaration=asked, by=each) for each in two))
    [refused] = [each for each in outcomes if isinstance(each, Exception)]
    assert isinstance(refused, Stale)
    assert "confirmed this already" in refused.sentence
    assert len(entries_of(Event.GLASS_BROKEN)) == 1


def test_of_two_who_ask_in_the_same_second_one_does() -> None:
    made = scene(critical=False, verified=False)
    # The same person from two sign-ins; whichever comes second is told that a question waits.
    ask = partial(services.ask_for_glass, incident=made.incident, by=made.deputy, reason=REASON)
    [refused] = [each for each in at_once(ask, ask) if isinstance(each, Exception)]
    assert isinstance(refused, Stale)
    assert Declaration.objects.count() == 1


def test_it_is_closed_or_broken_and_closed() -> None:
    made = scene(critical=False, verified=False)
    asked = services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    confirm = partial(services.break_glass, declaration=asked, by=person(Role.DEPUTY))
    at_once(confirm, partial(incidents.close, incident=made.incident, by=made.supervisor))
    asked.refresh_from_db()
    assert asked.state == DeclarationState.ENDED
