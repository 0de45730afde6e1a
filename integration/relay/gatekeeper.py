"""The gate, asked again and again about every view of this relay: about all in one question, several times a second."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from math import inf
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone, translation

from audit.log.actors import acting_from
from fusus_portal.ground.lifecycle import NotYours
from integration.live import selectors as live
from integration.live.models import ViewGrant
from integration.live.services import gate, views
from integration.live.tiles import refusal_of, waits_for
from integration.live.video import connection, figures, store
from integration.relay.lines import Line, Tile
from integration.relay.streams import Streams
from integration.relay.threads import Threads
from integration.rules import GATE_ASKED_EVERY_SECONDS, REFUSAL_NOTED_WITHIN_SECONDS

logger = logging.getLogger(__name__)
TOLD_EVERY: Final = 1.0
"""Seconds between two notes of figures, and of sentences for views without a picture."""

SAID_EVERY: Final = 60.0
"""Seconds after which an error that persists is logged again."""


class Gatekeeper:
    """Asks the gate about the views of all lines. questions: threads for that alone, where nothing waits for a lock."""

    def __init__(self, questions: Threads, threads: Threads, streams: Streams) -> None:
        self.lines: set[Line] = set()
        self._questions = questions
        self._threads = threads
        self._streams = streams
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        await _again_and_again(lambda: self.ask(self.lines), every=GATE_ASKED_EVERY_SECONDS)

    async def tell(self) -> None:
        """Note figures of views, and sentences for views without a picture, until cancelled. It delays no question."""
        await _again_and_again(self._tell, every=TOLD_EVERY)

    async def ask(self, lines: Iterable[Line]) -> None:
        asked = [(line, tile) for line in lines for tile in line.tiles if not tile.is_over]
        if not asked:
            return
        asked_at = time.monotonic()
        looks = await self._questions.run(partial(gate.look_at_all, [tile.question for _line, tile in asked]))
        for (line, tile), look in zip(asked, looks, strict=True):
            self._hear(line, tile, look, asked_at)

    def _hear(self, line: Line, tile: Tile, look: gate.Look, asked_at: float) -> None:
        if look.is_away or line not in self.lines or tile.is_over:
            return
        if not look.decision or look.stream is None:
            with translation.override(line.shown.language):
                tile.refuse(refusal_of(look.decision))
            self._beside(self._note_refusal(tile, look.decision.name))
            line.hurry()
        elif tile.has_entry(look):
            tile.stream = line.hold(self._streams, look.stream)
            tile.allow(look, asked_at=asked_at)
        elif not tile.begins:
            # The entry takes a commit; other views don't wait for it.
            tile.begins = True
            self._beside(self._begin(line, tile, look, asked_at))
        line.wake()

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self, line: Line, tile: Tile, look: gate.Look, asked_at: float) -> None:
        """Commit the entry of a view's minute, and only then let the minute's pictures be written."""

        def begin() -> gate.Look:
            with acting_from(tile.question.source):
                return views.begun(look, tile.question.view)

        try:
            after = await self._threads.run(begin)
        except Exception:
            logger.exception("a minute of a view has no entry, so nothing of it is shown")
            return
        finally:
            tile.begins = False
        self._hear(line, tile, after, asked_at)

    async def _note_refusal(self, tile: Tile, condition: str) -> None:
        """Record that a view was refused, after its picture is gone; retry while the database is away."""

        def note() -> None:
            with acting_from(tile.question.source), suppress(ViewGrant.DoesNotExist):
                gate.note_refusal(condition, by=tile.question.user, view=tile.question.view)

        for _try in range(REFUSAL_NOTED_WITHIN_SECONDS):
            try:
                await self._threads.run(note)
            except DatabaseError:
                await asyncio.sleep(1)
            else:
                return
        logger.error("a refused view has no entry: the database was away for %d seconds", REFUSAL_NOTED_WITHIN_SECONDS)

    async def _tell(self) -> None:
        running = {tile.question.view: tile.figures for line in self.lines for tile in line.tiles if not tile.is_over}
        waiting = [(line, tile) for line in self.lines for tile in line.tiles if tile.waits and not tile.is_over]
        await self._threads.run(partial(_note, running, waiting))


async def _again_and_again(work: Callable[[], Awaitable[None]], *, every: float) -> None:
    said_at = -inf
    while True:
        began = time.monotonic()
        try:
            await work()
        except DatabaseError as away:
            if began - said_at > SAID_EVERY:
                said_at = began
                logger.warning("the database is away: %s", type(away.__cause__ or away).__name__)
        except Exception:
            if began - said_at > SAID_EVERY:
                said_at = began
                logger.exception("a question of a relay had no answer")
        await asyncio.sleep(max(0.0, every - (time.monotonic() - began)))


def _note(running: Mapping[UUID, figures.Figures], waiting: Sequence[tuple[Line, Tile]]) -> None:
    with suppress(connection.LiveUnavailable):
        figures.note(running)
        for line, tile in waiting:
            with suppress(NotYours):
                view = live.own_view(tile.question.user, tile.question.view)
                told_at = store.told_at(view.stream_id) if view.stream_id else 0.0
                with translation.override(line.shown.language):
                    tile.sentence = waits_for(view, told_at=told_at, now=timezone.now())
