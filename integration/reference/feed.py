"""Pictures of a camera, in order, for one consumer: bounded, so that a slow consumer holds up no camera."""

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from integration.live.video.fragments import Frame, Init

Item: TypeAlias = Init | Frame | None
"""The settings of its decoder, pictures, and None if it is away."""

LOOK_EVERY: Final = 0.5
"""Seconds between two checks for an end, while the camera gives nothing."""


@dataclass(frozen=True, slots=True)
class Room:
    """Room for waiting pictures of one consumer: their number and bytes. The pictures at hand at its start come on top.

    keeps: if full, waiting pictures stay and new ones are left out. Otherwise waiting ones are left out, since they are
    old. keys: key frames alone are taken.
    """

    pictures: int
    size: int
    keeps: bool = False
    keys: bool = False


LIVE: Final = Room(90, 16 * 1024 * 1024)
"""Of a line. If full, it skips to the next key frame."""


class Feed:
    """The settings of a camera, the pictures at hand, and then each new one.

    is_lost: the camera is away. left_out: number of pictures without room. is_over: the consumer was told that it
    ended. came: arrival of the item taken last, as Unix seconds, before it waited. ahead: seconds by which that is
    ahead of the times of the pictures at hand.
    """

    def __init__(self, at_hand: Sequence[Init | Frame], room: Room = LIVE, *, ahead: float = 0.0) -> None:
        self.is_lost = False
        self.is_over = False
        self.left_out = 0
        self.came = 0.0
        self._room = room
        self._items: deque[tuple[Item, float]] = deque(
            (each, each.at + ahead if isinstance(each, Frame) else 0.0) for each in at_hand if self._concerns(each)
        )
        self._size = self._bytes()
        self._most = len(self._items) + room.pictures
        self._largest = self._size + room.size
        self._skips = False
        self._more = threading.Condition()

    def put(self, item: Item) -> None:
        """Add an item. Without room, pictures are left out up to a key frame that has room."""
        with self._more:
            self.is_lost = item is None
            if isinstance(item, Frame):
                if not self._concerns(item):
                    return
                if not self._has_room(item):
                    self.left_out += 1
                    return
            self._items.append((item, time.time()))
            self._size += len(item.box) if item else 0
            self._more.notify()

    def get(self, seconds: float) -> Item:
        """Return the next item, None if the camera is away or nothing came within these seconds."""
        with self._more:
            self._more.wait_for(lambda: self._items, seconds)
            item, self.came = self._items.popleft() if self._items else (None, self.came)
            self._size -= len(item.box) if item else 0
            self.is_over = self.is_over and not isinstance(item, Init)
            return item

    def pictures(self, over: threading.Event) -> Iterator[Frame | None]:
        """Yield pictures, None for a pause, until the camera is away or begins anew: its settings are next then."""
        while not over.is_set():
            item = self.get(LOOK_EVERY)
            if isinstance(item, Init):
                self._put_back(item)
            if isinstance(item, Init) or (item is None and self.is_lost):
                self.is_over = True
                return
            yield item

    def _put_back(self, item: Init) -> None:
        with self._more:
            self._items.appendleft((item, self.came))
            self._size += len(item.box)

    def _concerns(self, item: Init | Frame) -> bool:
        return isinstance(item, Init) or item.is_key or not self._room.keys

    def _has_room(self, frame: Frame) -> bool:
        if self._is_full(frame):
            self._skips = True
            if not self._room.keeps:
                waiting = len(self._items)
                self._items = deque(each for each in self._items if not isinstance(each[0], Frame))
                self._size = self._bytes()
                self.left_out += waiting - len(self._items)
        self._skips = self._skips and not (frame.is_key and not self._is_full(frame))
        return not self._skips

    def _bytes(self) -> int:
        return sum(len(item.box) for item, _came in self._items if item)

    def _is_full(self, frame: Frame) -> bool:
        return len(self._items) >= self._most or self._size + len(frame.box) > self._largest
