"""An owner's changes wait for a transaction that holds their registration: a canvass that asks them, or a departure."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction
from django.db.models import Model

from registry.places.models import Camera
from registry.places.services import cameras, premises
from tests.factories import registrant_at
from tests.registry.test_races import waits

pytestmark = pytest.mark.django_db(transaction=True)


def waits_for(row: Model, act: Callable[[], object]) -> bool:
    """Tell whether an act waits for a transaction that holds a row."""
    with transaction.atomic():
        type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
        return waits(act)


@pytest.mark.parametrize(
    "act",
    [
        lambda camera: premises.remove(premises=camera.premises, by=camera.premises.registrant.user),
        lambda camera: cameras.remove(camera=camera, by=camera.premises.registrant.user),
        lambda camera: cameras.pause(camera=camera, by=camera.premises.registrant.user),
        lambda camera: cameras.pause_all(registrant=camera.premises.registrant, by=camera.premises.registrant.user),
    ],
)
def test_a_registration_is_held_before_its_places_and_cameras(act: Callable[[Camera], object]) -> None:
    registrant = registrant_at()
    camera = Camera.objects.select_related("premises__registrant__user").get()
    assert waits_for(registrant, partial(act, camera))
