"""The long answer to a page: one line for all its views. Each view is judged on its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from typing import Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from integration.live.passes import Pass
from integration.relay import wire
from integration.relay.streams import Stream, Streams
from integration.relay.tiles import Tile
from integration.rules import LINE_BEAT_SECONDS, LINE_TAKES_WITHIN_SECONDS, REFUSAL_WITHIN_SECONDS

Write = Callable[[bytes], Awaitable[None]]

A_TURN: Final = 32
"""Parts that a line writes at once. Then other lines have a turn, however many frames a camera sends."""


class Line:
    def __init__(self, shown: Pass, tiles: list[Tile]) -> None:
        self.shown = shown
        self.tiles = tiles
        self._event = asyncio.Event()
        self._held: dict[UUID, Stream] = {}
        self._leave = ExitStack()
        self._patience: asyncio.Timeout | None = None

    def hold(self, streams: Streams, pk: UUID) -> Stream:
        """Return a stream. From now on its frames wake this line."""
        if pk not in self._held:
            stream = streams.hold(pk)
            self._leave.callback(streams.let_go, stream)
            stream.waiting.add(self._event)
            self._leave.callback(stream.waiting.discard, self._event)
            self._held[pk] = stream
        return self._held[pk]

    def wake(self) -> None:
        self._event.set()

    def hurry(self) -> None:
        """Shorten the deadline of the present write after a refusal: the page takes it soon, or the line is cut."""
        if self._patience is not None and not self._patience.expired():
            soon = asyncio.get_running_loop().time() + REFUSAL_WITHIN_SECONDS
            self._patience.reschedule(min(soon, self._patience.when() or soon))
        self.wake()

    def close(self) -> None:
        self._leave.close()

    async def run(self, write: Write) -> None:
        """Write until every view is over. Raises TimeoutError for a page that takes nothing."""
        with translation.override(self.shown.language):
            away = _("Live view is not available right now.")
        written = time.monotonic()
        while True:
            self._event.clear()
            for tile in self.tiles:
                for number, part in enumerate(tile.due(away), start=1):
                    await self._write(write, part)
                    await self._write_refusals(write, away)
                    written = time.monotonic()
                    if number % A_TURN == 0:
                        await asyncio.sleep(0)
            if time.monotonic() - written >= LINE_BEAT_SECONDS:
                await self._write(write, wire.BEAT)
                written = time.monotonic()
            if all(tile.is_over and not tile.is_refused_now for tile in self.tiles):
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(LINE_BEAT_SECONDS):
                    await self._event.wait()

    async def _write_refusals(self, write: Write, away: str) -> None:
        for tile in self.tiles:
            if tile.is_refused_now:
                for part in tile.due(away):
                    await self._write(write, part)

    async def _write(self, write: Write, part: bytes) -> None:
        within = (
            REFUSAL_WITHIN_SECONDS if any(tile.is_refused_now for tile in self.tiles) else LINE_TAKES_WITHIN_SECONDS
        )
        try:
            async with asyncio.timeout(within) as self._patience:
                await write(part)
        finally:
            self._patience = None
