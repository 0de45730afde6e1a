"""A move and a canvass in the same second: either the camera was asked for where it stood, or not at all."""

import pytest

from fusus_portal.ground.geo.points import Point
from registry.canvasses.models import FootageRequest, RequestCamera
from registry.canvasses.services import canvasses
from registry.canvasses.states import RequestState
from registry.people.services import moves, registrants
from registry.people.services.moves import Departure
from registry.places.models import Premises
from registry.registrants.models import RegistrationDraft
from tests.factories import LINN_PARK, draft_of, incident_at, person, registrant_at
from tests.registry.other_counties.elsewhere import IN_AVONDALE, home_of, inside, outside
from tests.registry.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("attempt", range(3))
def test_moving_inside_and_sending_at_once(attempt: int) -> None:
    mover, neighbor = registrant_at(), registrant_at(Point(LINN_PARK.latitude + 0.0005, LINN_PARK.longitude))
    canvass = draft_of(incident_at())
    home = home_of(mover)
    outcomes = at_once(
        lambda: moves.move(premises=home, by=mover.user, place=inside()),
        lambda: canvasses.send(canvass=canvass, by=canvass.created_by),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Premises.objects.get(pk=home.pk).point == IN_AVONDALE
    assert FootageRequest.objects.filter(registrant=neighbor).exists()
    asked = FootageRequest.objects.filter(registrant=mover).count()
    assert RequestCamera.objects.filter(camera__premises=home).count() == asked
    shown = canvasses.show(canvass=canvass, by=canvass.created_by).cameras or ()
    assert IN_AVONDALE not in {camera.point for camera in shown}
    assert len(shown) == 1 + asked


@pytest.mark.parametrize("attempt", range(3))
def test_moving_away_and_sending_at_once_leaves_no_request_that_waits(attempt: int) -> None:
    mover = registrant_at()
    registrant_at(Point(LINN_PARK.latitude + 0.0005, LINN_PARK.longitude))
    canvass = draft_of(incident_at())
    outcomes = at_once(
        lambda: moves.move_away(premises=home_of(mover), by=mover.user, place=outside()),
        lambda: canvasses.send(canvass=canvass, by=canvass.created_by),
    )
    assert [type(outcome).__name__ for outcome in outcomes] == [Departure.__name__, "Canvass"]
    assert FootageRequest.objects.filter(state=RequestState.SENT).count() == 1
    assert FootageRequest.objects.filter(registrant=None).exclude(state=RequestState.WITHDRAWN).count() == 0


def test_two_tabs_keep_both_steps_of_a_draft() -> None:
    by = person()
    outcomes = at_once(
        lambda: registrants.keep_draft(by=by, step="you", typed={"name": "Ana"}),
        lambda: registrants.keep_draft(by=by, step="place", typed={"street": "1 Elm"}),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert set(RegistrationDraft.objects.get(user=by).typed) == {"you", "place"}
