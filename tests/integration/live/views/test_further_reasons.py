"""A deputy who wants more time says something new: no extension takes the words of an earlier reason."""

import pytest
from django.core.exceptions import ValidationError

from integration.live.services import views
from tests.integration.critical.scenes import AGAIN, REASON, THIRD, Scene, scene
from tests.integration.live.views.test_views import later

pytestmark = pytest.mark.django_db

make_world = scene

REPEATS = "repeats what is known"
SHUFFLED = " ".join(reversed(AGAIN.rstrip(".").split()))


@pytest.mark.parametrize(
    "said", [REASON, AGAIN, THIRD, AGAIN.upper(), SHUFFLED, f"{AGAIN} {THIRD}", f"{AGAIN} {AGAIN}"]
)
def test_an_extension_takes_nothing_that_was_said_before(world: Scene, said: str) -> None:
    view = world.view()
    views.extend(grant=view, by=world.deputy, reason=AGAIN)
    views.extend(grant=view, by=world.deputy, reason=THIRD)
    with pytest.raises(ValidationError, match=REPEATS):
        views.extend(grant=view, by=world.deputy, reason=said)
    view.refresh_from_db()
    assert (view.extensions, view.further_reasons) == (2, [AGAIN, THIRD])


def test_a_new_view_for_more_time_does_not_either(world: Scene) -> None:
    world.view()
    with later(31):
        views.sweep()
        with pytest.raises(ValidationError, match=REPEATS):
            world.view(more=True)
        assert world.view(reason=AGAIN, more=True)
