"""The gate, asked again and again for every view that runs here: for all in one question, several times a second."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from math import inf
from typing import Final
from uuid import UUID

from django.utils import timezone, translation

from audit.log.actors import acting_from
from fusus_portal.ground.lifecycle import NotYours
from integration.live.presenters.tiles import refusal_of, waits_for
from integration.live.selectors import live_views
from integration.live.services import gate, views
from integration.live.services.gate import Look
from integration.live.video import figures, store
from integration.live.video.connection import LiveUnavailable
from integration.live.video.figures import Figures
from integration.relay.lines import Line
from integration.relay.streams import Streams
from integration.relay.threads import Threads
from integration.relay.tiles import Tile

logger = logging.getLogger(__name__)
EVERY: Final = 0.15
"""Seconds from one question to the next."""

TOLD_EVERY: Final = 1.0
"""Seconds after which figures are noted again, and what a view without a picture waits for."""

SAID_EVERY: Final = 60.0
"""Seconds after which an error that goes on is written down again."""


class Asking:
    """Asks for the views of all lines, and lets them write, or not."""

    def __init__(self, threads: Threads, streams: Streams) -> None:
        self.lines: set[Line] = set()
        self._threads = threads
        self._streams = streams
        self._beginning: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Ask until this is cancelled."""
        await _again_and_again(lambda: self.ask(self.lines), every=EVERY)

    async def tell(self) -> None:
        """Note figures, and what views wait for, until this is cancelled. No question of the gate waits for that."""
        await _again_and_again(self._tell, every=TOLD_EVERY)

    async def ask(self, lines: Iterable[Line]) -> None:
        """Ask once for every view of lines that is not over."""
        asked = [(line, tile) for line in lines for tile in line.tiles if not tile.is_over]
        if not asked:
            return
        asked_at = time.monotonic()
        looks = await self._threads.run(partial(gate.look_at_all, [tile.question for _line, tile in asked]))
        for (line, tile), look in zip(asked, looks, strict=True):
            self._hear(line, tile, look, asked_at)

    def _hear(self, line: Line, tile: Tile, look: Look, asked_at: float) -> None:
        if look.is_away or line not in self.lines:
            return
        if not look.decision or look.stream is None:
            with translation.override(line.shown.language):
                tile.refuse(refusal_of(look.decision))
            line.hurry()
        elif tile.has_entry(look):
            tile.stream = line.hold(self._streams, look.stream)
            tile.allow(look, asked_at=asked_at)
        elif not tile.begins:
            # Its entry takes as long as a commit; the others' answers don't wait for it.
            tile.begins = True
            task = asyncio.create_task(self._begin(line, tile, look))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)
        line.wake()

    async def _begin(self, line: Line, tile: Tile, look: Look) -> None:
        """Have the entry of a minute committed, and only then let its pictures be written."""

        def begin() -> Look:
            with acting_from(tile.question.source):
                return views.begun(look, tile.question.view)

        asked_at = time.monotonic()
        try:
            after = await self._threads.run(begin)
        finally:
            tile.begins = False
        self._hear(line, tile, after, asked_at)

    async def _tell(self) -> None:
        running = {tile.question.view: tile.figures for line in self.lines for tile in line.tiles if not tile.is_over}
        waiting = [(line, tile) for line in self.lines for tile in line.tiles if tile.waits and not tile.is_over]
        await self._threads.run(partial(_note, running, waiting))


async def _again_and_again(work: Callable[[], Awaitable[None]], *, every: float) -> None:
    """Do work at each beginning of so many seconds. What goes wrong is written down, and the next one is done."""
    said_at = -inf
    while True:
        began = time.monotonic()
        try:
            await work()
        except Exception:
            if began - said_at > SAID_EVERY:
                said_at = began
                logger.exception("a question of a relay had no answer")
        await asyncio.sleep(max(0.0, every - (time.monotonic() - began)))


def _note(running: Mapping[UUID, Figures], waiting: Sequence[tuple[Line, Tile]]) -> None:
    with suppress(LiveUnavailable):
        figures.note(running)
        for line, tile in waiting:
            with suppress(NotYours):
                tile.sentence = sentence_of(line, tile)


def sentence_of(line: Line, tile: Tile) -> str:
    """Return what a view waits for. Raises LiveUnavailable."""
    view = live_views.own_one(tile.question.user, tile.question.view)
    told_at = store.told_at(view.stream_id) if view.stream_id else 0.0
    with translation.override(line.shown.language):
        return waits_for(view, told_at=told_at, now=timezone.now())
