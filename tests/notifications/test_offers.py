"""A worker is told of a message once, and again only where the first time was lost or long ago."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from redis import Redis

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.publishing import DELIVER, broker
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services import delivery, outbox
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.notifications.states import MessageState
from fusus_portal.ground.queues import FIRST, LATER, list_of
from tests.notifications.conftest import ABOUT, message
from tests.peers.queue import handed_over

pytestmark = [pytest.mark.usefixtures("sample_builders"), pytest.mark.django_db(transaction=True)]

BEGIN = datetime(2026, 11, 30, 12, tzinfo=UTC)


def after(seconds: float) -> time_machine.travel:
    """Stop the clock so many seconds after the begin."""
    return time_machine.travel(BEGIN + timedelta(seconds=seconds), tick=False)


def forget() -> None:
    """Let the broker lose all that it holds."""
    with Redis.from_url(settings.REDIS_URL) as server:
        server.flushdb()


def taken() -> int:
    """Let a worker take the next task and die; return how many it took."""
    with Redis.from_url(settings.REDIS_URL) as server:
        return sum(server.rpop(list_of(settings.MESSAGE_QUEUE, each)) is not None for each in (FIRST, LATER))


def test_one_whose_task_waits_is_not_offered_again() -> None:
    with after(0):
        waiting = message()
    for seconds in (20, 120, 3_599):
        with after(seconds):
            assert delivery.sweep() == 0
    assert handed_over(DELIVER) == [str(waiting.pk)]


def test_after_an_hour_it_is_offered_in_any_case() -> None:
    with after(0):
        message()
    with after(3_600):
        assert (delivery.sweep(), delivery.sweep()) == (1, 0)


def test_what_a_broker_lost_is_offered_with_growing_pauses() -> None:
    with after(0):
        message()
    times = []
    for seconds in range(0, 2_000, 5):
        forget()
        with after(seconds):
            times.extend([seconds] * delivery.sweep())
    assert times == [15, 30, 60, 120, 240, 480, 780, 1_080, 1_380, 1_680, 1_980]


def test_what_a_worker_lost_is_found_beside_younger_ones() -> None:
    with after(0):
        lost = message()
    assert taken() == 1
    with after(29):
        message()
    with after(60):
        assert delivery.sweep() == 0, "acts take a while to commit, so that tasks are not quite in their order"
    assert taken() == 1
    with after(31):
        message()
    with after(60):
        assert delivery.sweep() == 1
    assert handed_over(DELIVER)[0] == str(lost.pk)


def test_one_in_front_does_not_hide_what_was_lost_behind_it() -> None:
    with after(0):
        lost = message(kind=MessageKind.INVITATION)
        message()
    with Redis.from_url(settings.REDIS_URL) as server:
        server.delete(settings.MESSAGE_QUEUE)
    with after(60):
        assert delivery.sweep() == 1
    assert handed_over(DELIVER)[0] == str(lost.pk)


def test_an_urgent_one_is_in_front_of_the_others() -> None:
    message()
    assert set(broker.oldest(settings.MESSAGE_QUEUE)) == {LATER}
    message(kind=MessageKind.INVITATION)
    assert set(broker.oldest(settings.MESSAGE_QUEUE)) == {FIRST, LATER}


def test_many_are_offered_once_by_whichever_sweep_comes_first() -> None:
    letters = [
        Letter(Contact(f"owner{number}@home.example", "en"), ABOUT, {}) for number in range(delivery.AT_ONCE + 3)
    ]
    with transaction.atomic():
        written = outbox.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=letters)
    assert (delivery.sweep(), delivery.sweep()) == (len(letters), 0)
    assert sorted(handed_over(DELIVER)) == sorted(str(each.pk) for each in written)


def test_one_that_failed_is_offered_when_its_pause_is_over() -> None:
    with after(0):
        waiting = message()
    forget()
    due = BEGIN + timedelta(minutes=30)
    Message.objects.filter(pk=waiting.pk).update(offered_at=None, next_attempt_at=due)
    with after(30 * 60 - 1):
        assert delivery.sweep() == 0
    with after(30 * 60):
        assert delivery.sweep() == 1


@pytest.mark.usefixtures("broker_down")
def test_a_broker_that_is_away_changes_nothing() -> None:
    with after(0):
        waiting = message()
    Message.objects.update(offered_at=None)
    with after(60):
        assert delivery.sweep() == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.offered_at) == (MessageState.QUEUED, None)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.FAILED])
def test_what_is_done_is_not_offered(state: MessageState) -> None:
    done: dict[MessageState, Callable[[], int]] = {
        MessageState.SENT: lambda: Message.objects.update(state=state, sent_at=BEGIN, to="", context={}),
        MessageState.FAILED: lambda: Message.objects.update(state=state, failed_at=BEGIN),
    }
    with after(0):
        message()
    forget()
    done[state]()
    with after(7_200):
        assert delivery.sweep() == 0
