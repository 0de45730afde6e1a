"""The world in which an owner decides."""

import pytest
import time_machine

from fusus_portal.ground.accounts.models import User
from tests.r4.world import BEGINNING, World, build


@pytest.fixture
def world(deputy: User, supervisor: User, clerk: User, administrator: User, reviewer: User) -> World:
    """Return a canvass of which one owner has not answered yet."""
    people = {"deputy": deputy, "supervisor": supervisor, "clerk": clerk, "administrator": administrator}
    people["reviewer"] = reviewer
    with time_machine.travel(BEGINNING, tick=False):
        return build(people)
