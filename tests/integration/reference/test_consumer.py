"""Programs that take a camera's pictures from its reader: a slow one holds up nobody, each restarts with the camera."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest

from integration.live.video.fragments import Frame, Init
from integration.reference import reader as reference
from integration.reference.reader import Consumer, Feed, Program, Reader, Room
from tests.integration.reference.test_reader import camera_with, items, taken
from tests.peers.relay import until

HASHES = ("-c:v", "copy", "-f", "framehash", "-flush_packets", "1", "pipe:1")
"""A line for each picture, as soon as it is there."""


class Counting(Program):
    """A program that says what it got."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, "the count", HASHES, tell=print)
        self.said = b""

    def read(self, part: bytes) -> None:
        self.said += part

    def count(self) -> int:
        return sum(not line.startswith(b"#") for line in self.said.splitlines())


class Stuck(Consumer):
    """A consumer that keeps what it gets first until it is let go."""

    room = Room(2, 10**6, keeps=True)

    def __init__(self, reader: Reader, told: list[str]) -> None:
        super().__init__(reader, "the recording of c0", tell=told.append)
        self.goes = threading.Event()
        self.got: list[Frame] = []
        self.came: list[float] = []

    def take(self, init: Init, pictures: Iterator[Frame | None]) -> None:
        for picture in pictures:
            if picture:
                self.got.append(picture)
                self.came.append(self.feed.came)
                self.goes.wait()


@contextmanager
def at_work(*consumers: Consumer) -> Iterator[None]:
    """Let the consumers take the pictures that come."""
    for each in consumers:
        each.start()
    try:
        yield
    finally:
        for each in consumers:
            each.stop()
        for each in consumers:
            each.join()


def programs() -> list[psutil.Process]:
    """Return the programs that count."""
    found = []
    for each in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it ended just now
            if "framehash" in each.cmdline():
                found.append(each)
    return found


def test_a_program_ends_with_the_camera_and_begins_anew_with_it() -> None:
    camera = camera_with(items()[:4])
    counting = Counting(camera)
    with at_work(counting):
        until(lambda: counting.count() >= 2)
        [first] = programs()
        camera._lose()
        until(lambda: not programs())
        before = counting.count()
        for item in items()[:8]:
            camera._take(item)
        until(lambda: programs() and counting.count() > before)
        assert programs() != [first]
    assert not programs()


def test_a_program_that_ended_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "AGAIN_AFTER", 0.1)
    with at_work(Counting(camera_with(items()[:4]))):
        until(programs)
        [first] = programs()
        first.kill()
        until(lambda: programs() and programs() != [first])


def test_one_that_takes_nothing_holds_up_neither_the_reader_nor_its_end() -> None:
    camera = camera_with(items()[:2])
    counting = Counting(camera)
    with at_work(counting):
        until(programs)
        [program] = programs()
        program.suspend()
        for item in items()[1:] * 50:
            camera._take(item)
        with camera.feed() as feed:
            assert taken(feed)[-1] == items()[-1]
        counting.stop()
        counting.join()
    assert not programs()


def test_a_recording_keeps_what_waits_and_says_what_it_left_out() -> None:
    told: list[str] = []
    init, *frames = items()
    camera = camera_with([init])
    stuck = Stuck(camera, told)
    with at_work(stuck):
        until(lambda: camera._feeds)
        camera._take(frames[0])
        until(lambda: stuck.got)
        for frame in frames[1:10]:
            camera._take(frame)
        stuck.goes.set()
        until(lambda: len(stuck.got) == 4)
        for frame in frames[10:12]:
            camera._take(frame)
        until(lambda: len(stuck.got) == 6)
    assert stuck.got == [*frames[:4], *frames[10:12]]
    assert told == ["the recording of c0 is too slow: 6 pictures are left out"]


def test_a_recording_that_is_slow_keeps_what_waits_when_the_camera_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Stuck, "room", Room(100, 10**7, keeps=True))
    init, *frames = items()
    camera, told = camera_with([init, frames[0]]), list[str]()
    stuck = Stuck(camera, told)
    with at_work(stuck):
        until(lambda: stuck.got)
        for frame in frames[1:5]:
            camera._take(frame)
        camera._lose()
        between = time.time()
        for item in [init, *frames[:3]]:
            camera._take(item)
        stuck.goes.set()
        until(lambda: len(stuck.got) == 8)
    assert stuck.got == [*frames[:5], *frames[:3]]
    assert [came < between for came in stuck.came] == [True] * 5 + [False] * 3
    assert told == []


def test_a_program_that_ends_at_once_when_the_camera_is_back_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "AGAIN_AFTER", 0.1)
    init, *frames = items()
    camera, begun = camera_with([init, frames[0]]), list[Init]()
    stuck = Stuck(camera, [])

    def take(init: Init, pictures: Iterator[Frame | None]) -> None:
        begun.append(init)
        if len(begun) == 1:
            list(pictures)

    monkeypatch.setattr(stuck, "take", take)
    with at_work(stuck):
        until(lambda: begun)
        camera._lose()
        camera._take(init)
        until(lambda: len(begun) > 2)


def test_what_fails_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "AGAIN_AFTER", 0.05)
    told: list[str] = []
    full = Stuck(camera_with(items()[:2]), told)

    def take(init: Init, pictures: Iterator[Frame | None]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(full, "take", take)
    with at_work(full):
        until(lambda: len(told) > 2)
    assert set(told) == {"the recording of c0: No space left on device"}


class TestWhatWaits:
    def test_it_has_a_bound_in_bytes(self) -> None:
        init, *frames = items()
        feed = Feed([init], Room(100, max(len(frames[place].box) for place in (0, 5))))
        for frame in frames[:3]:
            feed.put(frame)
        assert taken(feed) == [init]
        assert feed.left_out == 3
        feed.put(frames[3])
        feed.put(frames[5])
        assert taken(feed) == [frames[5]]

    def test_of_key_frames_alone_the_newest_are_kept(self) -> None:
        init, *frames = items()
        feed = Feed([init, *frames[:3]], Room(1, 10**6, keys=True))
        for frame in frames[3:]:
            feed.put(frame)
        assert taken(feed)[-1] == frames[10]
        assert all(isinstance(each, Init) or each.is_key for each in [init, frames[10]])
        for frame in frames:
            feed.put(frame)
        assert [each for each in taken(feed) if isinstance(each, Frame) and not each.is_key] == []
