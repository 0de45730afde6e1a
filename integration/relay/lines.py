"""The long answer to a page: one line for all its views, each a tile that is judged on its own.

Nothing waits in a queue: a slow line finds only the current group of pictures.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from integration import rules
from integration.live.passes import Pass
from integration.live.services.gate import Look, Question
from integration.live.video.figures import Figures
from integration.relay import wire
from integration.relay.streams import Kept, Stream, Streams


@dataclass(eq=False)
class Tile:
    """A view of a line. number: its place on the page. question: for the gate. sentence: why there is no picture."""

    number: int
    question: Question
    sentence: str = ""
    figures: Figures = field(default_factory=Figures)
    stream: Stream | None = None
    is_over: bool = False
    begins: bool = False
    _asked_at: float = field(default_factory=time.monotonic)
    _allowed_until: float = 0.0
    _minute_until: float = 0.0
    _refusal: bytes = b""
    _state: wire.Kind | None = None
    _said: str = ""
    _sending: int = 0
    _last: int = 0
    _joined: int = 0
    _skips: bool = False

    @property
    def waits(self) -> bool:
        return self._state is wire.Kind.WAIT

    @property
    def is_refused_now(self) -> bool:
        return bool(self._refusal)

    def has_entry(self, look: Look) -> bool:
        return not look.begins_minute or time.monotonic() < self._minute_until

    def allow(self, look: Look, *, asked_at: float) -> None:
        """Note a yes of the gate, once the minute has its entry. asked_at: monotonic time of the question."""
        self._asked_at = asked_at
        self._minute_until = asked_at + look.minute_left
        self._allowed_until = min(asked_at + rules.ALLOWED_FOR_SECONDS, self._minute_until)

    def refuse(self, words: dict[str, Any]) -> None:
        self.is_over, self._allowed_until = True, 0.0
        self._refusal = wire.said(wire.Kind.REFUSED, self.number, words)

    def due(self, away: str) -> Iterator[bytes]:
        """Yield the bytes to write now. away: the sentence while the permission is unknown."""
        now = time.monotonic()
        if self.is_over:
            if self._refusal:
                refusal, self._refusal = self._refusal, b""
                yield refusal
        elif now >= self._allowed_until:
            if now >= self._asked_at + rules.AWAY_AFTER_SECONDS:
                yield from self._say(wire.Kind.AWAY, away)
        elif self.stream is None or self.stream.init is None or self.stream.is_silent():
            yield from self._say(wire.Kind.WAIT, self.sentence)
        else:
            yield from self._frames(self.stream)

    def _say(self, kind: wire.Kind, sentence: str) -> Iterator[bytes]:
        if (self._state, self._said) != (kind, sentence):
            self._state, self._said = kind, sentence
            yield wire.said(kind, self.number, {"sentence": sentence})

    def _frames(self, stream: Stream) -> Iterator[bytes]:
        joins = self._state is not wire.Kind.FRAME or self._sending != stream.sending
        if joins and stream.init is not None:
            self._state, self._sending, self._skips = wire.Kind.FRAME, stream.sending, False
            self._last = stream.kept[0].number - 1
            yield wire.init(self.number, stream.init)
            self._joined = stream.count
        # The group may change after each frame: a slow line finds only the current one.
        while time.monotonic() < self._allowed_until and (kept := stream.after(self._last)):
            self.figures.drops += kept.number - self._last - 1
            self._last = kept.number
            yield from self._frame(kept, joins=kept.number <= self._joined)

    def _frame(self, kept: Kept, *, joins: bool) -> Iterator[bytes]:
        behind = time.monotonic() - kept.came
        self._skips = not kept.is_key and (self._skips or (behind > rules.LATE_FRAME_SECONDS and not joins))
        if self._skips:
            self.figures.drops += 1
            return
        self.figures.add(len(kept.box), behind=0.0 if joins else behind)
        yield wire.frame(self.number, came_ms=kept.came_ms, is_key=kept.is_key, box=kept.box)


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
        """Return a stream, whose frames wake this line until `close`."""
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
            soon = asyncio.get_running_loop().time() + rules.REFUSAL_WITHIN_SECONDS
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
            if time.monotonic() - written >= rules.LINE_BEAT_SECONDS:
                await self._write(write, wire.BEAT)
                written = time.monotonic()
            if all(tile.is_over and not tile.is_refused_now for tile in self.tiles):
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(rules.LINE_BEAT_SECONDS):
                    await self._event.wait()

    async def _write_refusals(self, write: Write, away: str) -> None:
        for tile in self.tiles:
            if tile.is_refused_now:
                for part in tile.due(away):
                    await self._write(write, part)

    async def _write(self, write: Write, part: bytes) -> None:
        hurries = any(tile.is_refused_now for tile in self.tiles)
        within = rules.REFUSAL_WITHIN_SECONDS if hurries else rules.LINE_TAKES_WITHIN_SECONDS
        try:
            async with asyncio.timeout(within) as self._patience:
                await write(part)
        finally:
            self._patience = None
