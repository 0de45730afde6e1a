"""Acts that end a view or move a CORE wait for a transaction that holds the incident, or the business, first."""

from collections.abc import Callable
from functools import partial

import pytest

from integration.cores.services import cameras, cores
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.live.video.connection import live
from tests.factories import person
from tests.integration.cores.devices import in_stock
from tests.integration.critical.scenes import AGAIN, Scene, scene
from tests.registry.test_waits import waits_for

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[Scene, ViewGrant], object]


@pytest.mark.parametrize(
    "act",
    [
        lambda made, view: views.end(grant=view, by=made.deputy),
        lambda made, view: views.extend(grant=view, by=made.deputy, reason=AGAIN),
        lambda _made, _view: views.end_newest(),
        lambda _made, _view: views.sweep(),
    ],
)
def test_an_incident_is_held_before_its_views(act: Act) -> None:
    made = scene()
    view = made.view()
    live().flushdb()
    assert waits_for(made.incident, partial(act, made, view))


@pytest.mark.parametrize(
    "act",
    [
        lambda made, view: views.extend(grant=view, by=made.deputy, reason=AGAIN),
        lambda made, _view: cores.suspend(core=made.camera.core, by=person("clerk")),
        lambda made, _view: cameras.disconnect(behind=made.camera, by=made.owner),
        lambda made, _view: cores.place(core=made.camera.core, by=made.owner, premises=None),
        lambda made, _view: cores.begin_return(core=made.camera.core, by=made.owner),
        lambda made, _view: cores.allocate(
            core=in_stock(), by=person("clerk"), registrant=made.registrant, premises=made.registrant.premises.get()
        ),
    ],
)
def test_a_business_is_held_before_its_cores(act: Act) -> None:
    made = scene()
    view = made.view()
    assert waits_for(made.registrant, partial(act, made, view))


def test_a_core_is_held_before_a_camera_leaves_it() -> None:
    made = scene()
    disconnect = partial(cameras.disconnect, behind=made.camera, by=made.owner)
    assert waits_for(made.camera.core, disconnect)
