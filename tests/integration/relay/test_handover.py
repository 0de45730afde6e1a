"""The pair of sockets between the two processes of a relay: what is handed over, and what is left out."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID

import pytest

from integration.live.video.fragments import Frame, Init
from integration.live.video.store import LiveFull
from integration.relay import handover
from integration.relay.handover import HEAD, LONGEST, WAITS, Handed, Inlet, NoMessage, Outlet
from integration.relay.receiver import Intake, TakenOver
from integration.relay.streams import Kept, Streams

ONE, OTHER = UUID(int=1), UUID(int=2)
INIT = Init("avc1.42C01E", b"before the first\n picture")
LARGE = 200_000


def frame(number: int, *, size: int = 100, is_key: bool = False) -> Frame:
    return Frame(is_key, 0.0, number.to_bytes(4, "big") + bytes(size))


@asynccontextmanager
async def running(*ends: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let both ends, or one, work for a while."""
    tasks = [asyncio.create_task(each) for each in ends]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def pair() -> Iterator[tuple[Outlet, Inlet, Streams]]:
    """Hand out both ends, and the streams of the serving one."""
    streams, (reading, writing) = Streams(), socket.socketpair()
    with reading, writing:
        yield Outlet(writing), Inlet(reading, streams), streams


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  (nothing tells)
            await asyncio.sleep(0.01)


async def sent_and_ended() -> None:
    newest: dict[UUID, Intake] = {}
    with pair() as (outlet, inlet, streams):
        async with running(outlet.run(), inlet.run()):
            seen, intake = streams.hold(ONE), Intake(outlet, newest, ONE)
            intake.take(INIT)
            for each in [frame(1, is_key=True), frame(2), frame(3)]:
                intake.take(each)
            await until(lambda: len(seen.kept) == 3)
            assert seen.init == INIT
            assert [(kept.number, number_of(kept)) for kept in seen.kept] == [(1, 1), (2, 2), (3, 3)]
            assert [kept.is_key for kept in seen.kept] == [True, False, False]
            intake.end()
            await until(lambda: not seen.kept and seen.init is None)
            streams.let_go(seen)
            assert streams.hold(ONE) is not seen
    assert newest == {}


async def taken_over() -> None:
    newest: dict[UUID, Intake] = {}
    with pair() as (outlet, inlet, streams):
        async with running(outlet.run(), inlet.run()):
            seen, older = streams.hold(ONE), Intake(outlet, newest, ONE)
            older.take(INIT)
            older.take(frame(1, is_key=True))
            newer = Intake(outlet, newest, ONE)
            with pytest.raises(TakenOver):
                older.must_be_newest()
            newer.must_be_newest()
            newer.take(INIT)
            newer.take(frame(2, is_key=True))
            older.end()
            newer.take(frame(3))
            await until(lambda: [number_of(kept) for kept in seen.kept] == [2, 3])
            assert seen.sending == 2


async def held_up() -> None:
    newest: dict[UUID, Intake] = {}
    with pair() as (outlet, inlet, streams):
        seen, beside = streams.hold(ONE), streams.hold(OTHER)
        async with running(outlet.run()):
            flood, calm = Intake(outlet, newest, ONE), Intake(outlet, newest, OTHER)
            for intake in (flood, calm):
                intake.take(INIT)
                intake.take(frame(0, size=LARGE, is_key=True))
            for number in range(1, 1_000):
                flood.take(frame(number, size=LARGE))
            calm.take(frame(1))
            with pytest.raises(LiveFull):
                flood.take(Init("", bytes(LARGE)))
            await asyncio.sleep(0.1)
            async with running(inlet.run()):
                await until(lambda: len(beside.kept) == 2)
                first = [number_of(kept) for kept in seen.kept]
                assert first == list(range(len(first)))
                assert len(first) * LARGE <= WAITS
                flood.take(frame(1_001))  # of the group that was left out
                flood.take(frame(1_002, is_key=True))
                flood.take(frame(1_003))
                await until(lambda: [number_of(kept) for kept in seen.kept] == [1_002, 1_003])


async def late() -> None:
    with pair() as (outlet, inlet, streams):
        seen, intake = streams.hold(ONE), Intake(outlet, {}, ONE)
        intake.take(INIT)
        for each in [frame(1, is_key=True), frame(2)]:
            intake.take(each)
        await asyncio.sleep(handover.LATE + 0.1)
        for each in [frame(3), frame(4, is_key=True), frame(5)]:
            intake.take(each)
        async with running(outlet.run(), inlet.run()):
            await until(lambda: len(seen.kept) == 2)
            assert seen.init == INIT
            assert [number_of(kept) for kept in seen.kept] == [4, 5]
            assert seen.count == 2


async def idle() -> None:
    with pair() as (outlet, inlet, _streams):
        assert inlet.is_silent
        async with running(outlet.run(), inlet.run()):
            await until(lambda: not inlet.is_silent)


def number_of(kept: Kept) -> int:
    return int.from_bytes(kept.box[:4], "big")


def test_what_a_device_sends_arrives_in_order_and_its_end_too() -> None:
    asyncio.run(sent_and_ended())


def test_of_two_bodies_the_newer_one_holds() -> None:
    asyncio.run(taken_over())


def test_while_nobody_reads_little_waits_and_a_group_is_left_out_up_to_a_key_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handover, "LATE", 60.0)
    asyncio.run(held_up())


def test_what_waited_too_long_is_left_out_up_to_a_key_frame() -> None:
    asyncio.run(late())


def test_an_idle_process_says_that_all_is_well() -> None:
    asyncio.run(idle())


@pytest.mark.parametrize(
    "said",
    [
        HEAD.pack(0, bytes(16), 0.0, 0),
        HEAD.pack(99, bytes(16), 0.0, 0),
        HEAD.pack(Handed.BEGIN, ONE.bytes, 0.0, 1),
        HEAD.pack(Handed.KEY, ONE.bytes, 0.0, 0),
        HEAD.pack(Handed.BEGIN, ONE.bytes, 0.0, 0) + HEAD.pack(Handed.KEY, ONE.bytes, 0.0, LONGEST[Handed.KEY] + 1),
        HEAD.pack(Handed.BEGIN, ONE.bytes, 0.0, 0) + HEAD.pack(Handed.INIT, ONE.bytes, 0.0, 2**32 - 1),
        HEAD.pack(Handed.END, OTHER.bytes, 0.0, 0),
    ],
)
def test_anything_else_than_a_message_is_refused(said: bytes) -> None:
    async def run() -> None:
        reading, writing = socket.socketpair()
        with reading, writing:
            writing.sendall(said)
            async with asyncio.timeout(20):
                with pytest.raises(NoMessage):
                    await Inlet(reading, Streams()).run()

    asyncio.run(run())
