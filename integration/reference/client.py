"""A CORE at work: it activates, polls, reports how it is, and keeps working whatever happens to the network."""

import random
import shutil
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from integration.reference import stills
from integration.reference.calls import Calls, NotLetIn, NotNow
from integration.reference.cameras import Cameras
from integration.reference.recorder import Bounds, Recorder
from integration.reference.recordings import Recordings
from integration.reference.video import Senders, read_order

FIRMWARE = "reference-1.0"
HEALTH_EVERY = 60.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
RTSP_PORT = 554
SECONDS_TO_CONNECT = 2.0

Tell = Callable[[str], None]


class Client:
    """One CORE. cameras: the source of each channel: "testsrc", a file, or an rtsp:// address.

    bounds: what it records of them, None for nothing. watched: the same cameras, looked at while it works; None for a
    client that says of each only whether it can be reached.
    """

    def __init__(
        self,
        calls: Calls,
        cameras: Mapping[str, str],
        *,
        tell: Tell,
        health_every: float = HEALTH_EVERY,
        bounds: Bounds | None = None,
        watched: Cameras | None = None,
    ) -> None:
        self.calls = calls
        self.cameras = cameras
        self.tell = tell
        self.senders = Senders(cameras, tell=tell)
        folder = calls.memory.file.with_suffix(".clips")
        self.recordings = Recordings(calls, cameras, folder, tell=tell)
        if bounds is not None:
            kept = calls.memory.file.with_suffix(".recorded")
            self.recordings.recorder = Recorder(cameras, kept, bounds, tell=tell)
        self.watched = watched
        if watched is not None:
            watched.recorder = self.recordings.recorder
        self.health_every = health_every
        self.is_ended = False
        self._failures = 0
        self._reported_at = float("-inf")

    def activate(self, code: str) -> None:
        """Activate, once the portal is reached. Raises NotLetIn for a wrong code."""
        while not self.is_ended:
            try:
                self.calls.activate(code, firmware=FIRMWARE)
            except NotNow as failure:
                self._wait_after(failure)
            else:
                self.tell("activated")
                return

    def run(self) -> None:
        """Work until `end` is called."""
        if self.watched:
            self.watched.start()
        try:
            self._work()
        finally:
            self.senders.stop()
            if self.watched:
                self.watched.stop()
            if self.recordings.recorder:
                self.recordings.recorder.stop()

    def _work(self) -> None:
        while not self.is_ended:
            try:
                wait = self.once()
            except NotNow as failure:
                self._wait_after(failure)
            except NotLetIn as refused:
                # Suspended, or returned: it may be let in again, and nobody is there to press a button.
                self.senders.stop()
                self._wait_after(NotNow(f"not let in: {refused}"))
            else:
                self._failures = 0
                self._sleep(wait)

    def once(self) -> float:
        """Report when it is time to, poll, do what is ordered; return after how many seconds to come back."""
        if self.recordings.recorder:
            self.recordings.recorder.follow()
        has_news = self.watched is not None and self.watched.has_news()
        if has_news or time.monotonic() - self._reported_at >= self.health_every:
            self.calls.call("health", self.health())
            self._reported_at = time.monotonic()
            self.tell("reported")
        answer = self.calls.call("poll", {})
        self.tell("polled")
        orders = [order for order in answer["orders"] if order["kind"] == "stream"]
        self.senders.follow(read_order(order, root=self.calls.root) for order in orders)
        for order in answer["orders"]:
            self.obey(order)
        is_busy = any(order["kind"] == "clip" for order in answer["orders"])
        return 1.0 if is_busy else float(answer["again_in"])

    def obey(self, order: Mapping[str, Any]) -> None:
        """Do what is ordered. An order of a kind that this client does not know is left alone: it may be a newer one.

        What can't be done is said, and ordered again by the portal while it is still wanted.
        """
        doers: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "snapshot": self._send_still,
            "clip": self.recordings.send,
        }
        doer = doers.get(str(order.get("kind")))
        if doer is not None:
            doer(order)

    def _send_still(self, order: Mapping[str, Any]) -> None:
        try:
            picture = stills.take(self.cameras[order["channel"]])
            self.calls.put(order["put"], picture, kind="image/jpeg")
        except (KeyError, stills.NoPicture, NotNow) as failure:
            self.tell(f"no picture: {failure}")
        else:
            self.tell(f"sent a picture of {order['channel']}")

    def health(self) -> dict[str, Any]:
        """Return what it reports."""
        disk = shutil.disk_usage(self.calls.memory.file.parent)
        return {
            "firmware": FIRMWARE,
            "clock_ms": int(time.time() * 1000),
            "disk_free": disk.free,
            "disk_size": disk.total,
            "recorded_minutes": self.recordings.minutes(),
            "channels": self._channels(),
        }

    def _channels(self) -> list[dict[str, Any]]:
        if self.watched is not None:
            return self.watched.channels()
        return [{"channel": name, "picture": picture_of(source)} for name, source in self.cameras.items()]

    def end(self) -> None:
        """Stop after what it is doing now."""
        self.is_ended = True

    def _wait_after(self, failure: NotNow) -> None:
        """Wait twice as long after each failure in a row, and not at the same instant as a thousand others."""
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2**self._failures)
        self._failures = min(self._failures + 1, 10)
        wait = max(float(failure.wait), random.uniform(longest / 2, longest))  # noqa: S311  (spreads, hides nothing)
        self.tell(f"{failure}; again in {wait:.1f} s")
        self.senders.stop_over(time.time() + self.calls.ahead)
        self._sleep(wait)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.is_ended and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))


def picture_of(source: str) -> str:
    """Return whether a camera gives a picture: "running" or "lost"."""
    if source == "testsrc":
        return "running"
    parts = urlsplit(source)
    if parts.scheme != "rtsp":
        return "running" if Path(source).is_file() else "lost"
    try:
        with socket.create_connection((parts.hostname or "", parts.port or RTSP_PORT), SECONDS_TO_CONNECT):
            return "running"
    except OSError:
        return "lost"
