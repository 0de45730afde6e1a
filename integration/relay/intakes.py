"""Bodies that devices send now. Of two of one stream the newer one wins."""

import asyncio
from uuid import UUID

from integration.live.video.fragments import Frame, Init
from integration.live.video.store import LiveFull
from integration.relay.handover import Handed, Outlet


class TakenOver(Exception):
    """Another body of the same stream began, so this one is refused from now on."""


class Intake:
    """One body while it is received. newest: the latest body of each stream."""

    def __init__(self, outlet: Outlet, newest: "dict[UUID, Intake]", stream: UUID) -> None:
        self._outlet = outlet
        self._newest = newest
        self._stream = stream
        self._skips = False
        self.taken_over = asyncio.Event()
        if before := newest.get(stream):
            before.taken_over.set()
        newest[stream] = self
        outlet.put(Handed.BEGIN, stream)

    def must_be_newest(self) -> None:
        if self.taken_over.is_set():
            raise TakenOver

    def take(self, found: Init | Frame) -> None:
        """Hand on an item. While too much waits, pictures are left out up to a key frame. Raises LiveFull."""
        has_room = self._outlet.has_room(self._stream, len(found.box))
        if isinstance(found, Init):
            if not has_room:
                raise LiveFull
            self._outlet.put_init(self._stream, found)
            return
        self._skips = not has_room or (self._skips and not found.is_key)
        if not self._skips:
            self._outlet.put(Handed.KEY if found.is_key else Handed.FRAME, self._stream, found.box)

    def end(self) -> None:
        if not self.taken_over.is_set():
            del self._newest[self._stream]
            self._outlet.put(Handed.END, self._stream)
