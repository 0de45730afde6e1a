"""One picture of a sender at a time, in all processes of the portal: refused clearly, forgotten after a crash."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from redis import Redis

from fusus_portal.pictures import BUSY, turns
from fusus_portal.pictures.child import WALL_SECONDS


def test_one_at_a_time_and_another_afterwards() -> None:
    sender = uuid4()
    with turns.turn_of(sender), pytest.raises(ValidationError, match="Another picture of yours") as busy:
        turns.turn_of(sender).__enter__()
    assert busy.value.code == BUSY
    with turns.turn_of(sender):
        pass


def test_what_goes_wrong_ends_the_turn() -> None:
    sender = uuid4()
    with pytest.raises(RuntimeError), turns.turn_of(sender):
        raise RuntimeError
    with turns.turn_of(sender):
        pass


def test_a_turn_whose_process_was_killed_ends_by_itself() -> None:
    sender = uuid4()
    with turns.turn_of(sender), Redis.from_url(settings.REDIS_URL) as server:
        left = server.ttl(f"picture:{sender}")
    assert turns.WAIT_SECONDS + WALL_SECONDS < int(str(left)) <= turns.FORGOTTEN_SECONDS


def test_nothing_is_decoded_while_nobody_can_tell(settings: object) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="can't be taken right now") as busy, turns.turn_of(uuid4()):
        raise AssertionError
    assert busy.value.code == BUSY
