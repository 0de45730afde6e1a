"""One view of a line. Nothing waits in a queue: a slow line finds only the current group of pictures."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from integration.live.services.gate import Look, Question
from integration.live.video.figures import Figures
from integration.relay import wire
from integration.relay.streams import Kept, Stream
from integration.relay.wire import Kind

ALLOWED_FOR: Final = 0.4
"""Seconds for which a yes of the gate counts. It is asked more often; without another yes no frame is written."""

AWAY_AFTER: Final = 1.0
"""Seconds since the last yes after which a page learns that its permission is unknown, and hides the picture."""

BEHIND: Final = 1.0
"""Seconds. A frame that is older when its turn comes is left out, with all up to the next key frame."""


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
    _state: Kind | None = None
    _said: str = ""
    _sending: int = 0
    _last: int = 0
    _joined: int = 0
    _skips: bool = False

    @property
    def waits(self) -> bool:
        return self._state is Kind.WAIT

    @property
    def is_refused_now(self) -> bool:
        return bool(self._refusal)

    def has_entry(self, look: Look) -> bool:
        return not look.begins_minute or time.monotonic() < self._minute_until

    def allow(self, look: Look, *, asked_at: float) -> None:
        """Note a yes of the gate, once the minute has its entry. asked_at: time of the question, monotonic."""
        self._asked_at = asked_at
        self._minute_until = asked_at + look.minute_left
        self._allowed_until = min(asked_at + ALLOWED_FOR, self._minute_until)

    def refuse(self, words: dict[str, Any]) -> None:
        self.is_over, self._allowed_until = True, 0.0
        self._refusal = wire.said(Kind.REFUSED, self.number, words)

    def due(self, away: str) -> Iterator[bytes]:
        """Yield the bytes to write now. away: the sentence while the permission is unknown."""
        now = time.monotonic()
        if self.is_over:
            if self._refusal:
                refusal, self._refusal = self._refusal, b""
                yield refusal
        elif now >= self._allowed_until:
            if now >= self._asked_at + AWAY_AFTER:
                yield from self._say(Kind.AWAY, away)
        elif self.stream is None or self.stream.init is None or self.stream.is_silent():
            yield from self._say(Kind.WAIT, self.sentence)
        else:
            yield from self._frames(self.stream)

    def _say(self, kind: Kind, sentence: str) -> Iterator[bytes]:
        if (self._state, self._said) != (kind, sentence):
            self._state, self._said = kind, sentence
            yield wire.said(kind, self.number, {"sentence": sentence})

    def _frames(self, stream: Stream) -> Iterator[bytes]:
        joins = self._state is not Kind.FRAME or self._sending != stream.sending
        if joins and stream.init is not None:
            self._state, self._sending, self._skips = Kind.FRAME, stream.sending, False
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
        self._skips = not kept.is_key and (self._skips or (behind > BEHIND and not joins))
        if self._skips:
            self.figures.drops += 1
            return
        self.figures.add(len(kept.box), behind=0.0 if joins else behind)
        yield wire.frame(self.number, came_ms=kept.came_ms, is_key=kept.is_key, box=kept.box)
