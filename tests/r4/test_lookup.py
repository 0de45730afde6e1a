"""R4: finding by number tells nothing of what an owner said, whatever number of a request is typed."""

from functools import partial

import pytest
import time_machine
from django.urls import reverse

from registry.canvasses.models import FootageRequest
from tests.r4.comparing import Shown, differing, story
from tests.r4.looking import Visit
from tests.r4.walk import viewer_of
from tests.r4.world import AN_HOUR_LATER, World, decline, first_world, ignore

pytestmark = pytest.mark.django_db
make_world = first_world


def found(world: World, role: str) -> Shown:
    """Type the number of each request that there is; return what each leads to."""
    with time_machine.travel(AN_HOUR_LATER, tick=False):
        viewer = viewer_of(world, role)
        numbers = FootageRequest.objects.order_by("pk").values_list("number", flat=True)
        paths = [f"{reverse('lookup')}?q={number}" for number in numbers]
        return {("lookup", path): viewer.does(Visit("lookup", "get", path)) for path in paths}


def test_no_number_of_a_request_tells_rather_not_from_silence(world: World) -> None:
    for role in ("deputy", "supervisor", "clerk", "administrator"):
        told, silent = (story(world, answer, partial(found, world, role)) for answer in (decline, ignore))
        assert len(told) > 1, role
        assert differing(told, silent) == {}, role
