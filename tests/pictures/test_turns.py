"""One picture of a sender at a time, in all processes of the portal: refused clearly, forgotten after a crash."""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from redis import Redis

from fusus_portal.ground.pictures import BUSY, child
from fusus_portal.ground.pictures.child import WALL_SECONDS


def test_one_at_a_time_and_another_afterwards() -> None:
    sender = uuid4()
    with child.turn_of(sender), pytest.raises(ValidationError, match="Another picture of yours") as busy:
        child.turn_of(sender).__enter__()
    assert busy.value.code == BUSY
    with child.turn_of(sender):
        pass


def take_turn(sender: UUID) -> None:
    with child.turn_of(sender):
        pass


def test_two_wait_for_the_picture_of_another_and_a_third_is_told_at_once() -> None:
    with ThreadPoolExecutor(3) as threads:
        with child.ONE_AT_A_TIME:
            senders = [threads.submit(take_turn, uuid4()) for _number in range(3)]
            told, waiting = wait(senders, timeout=child.WAIT_SECONDS / 2, return_when=FIRST_COMPLETED)
            [busy] = [each.exception() for each in told]
        assert isinstance(busy, ValidationError)
        assert busy.code == BUSY
        assert [each.result() for each in waiting] == [None, None]
    take_turn(uuid4())


def test_what_goes_wrong_ends_the_turn() -> None:
    sender = uuid4()
    with pytest.raises(RuntimeError), child.turn_of(sender):
        raise RuntimeError
    with child.turn_of(sender):
        pass


def test_a_turn_whose_process_was_killed_ends_by_itself() -> None:
    sender = uuid4()
    with child.turn_of(sender), Redis.from_url(settings.REDIS_URL) as server:
        left = server.ttl(f"picture:{sender}")
    assert child.WAIT_SECONDS + WALL_SECONDS < int(str(left)) <= child.FORGOTTEN_SECONDS


def test_nothing_is_decoded_while_nobody_can_tell(settings: object) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="can't be taken right now") as busy, child.turn_of(uuid4()):
        raise AssertionError
    assert busy.value.code == BUSY
