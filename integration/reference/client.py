"""A CORE at work: it activates, asks for orders, reports its health, and survives failures of the network.

One thread asks for orders: at a relay that holds the call, else by polls. Nothing else changes when it asks. Another
thread carries out the orders: pictures and clips.
"""

import random
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from integration.reference import reader
from integration.reference.calls import Calls, NotLetIn, NotNow
from integration.reference.cameras import Cameras
from integration.reference.device import Tell
from integration.reference.recordings import Bounds, Recorder, Recordings
from integration.reference.uploads import Sender, Upload, Uploads

FIRMWARE = "reference-1.0"
HEALTH_EVERY = 60.0
REPORT_AGAIN = 10.0
ERRAND_AGAIN = 5.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
TEND_EVERY = 0.5
TIDY_EVERY = 10.0
"""Seconds between two clean-ups of recordings: with thousands of files these cost more than all else."""


class Client:
    """A CORE at work. bounds: limits of its recordings, None to record nothing."""

    def __init__(
        self,
        calls: Calls,
        cameras: Cameras,
        *,
        tell: Tell,
        health_every: float = HEALTH_EVERY,
        bounds: Bounds | None = None,
    ) -> None:
        self.calls = calls
        self.cameras = cameras
        self.tell = tell
        upload, send = partial(Upload, tell=tell, failed=self.ask_again), partial(Sender, tell=tell, root=calls.root)
        relayed = Uploads(cameras.readers, upload, lambda order: order.get("relay", ""), tell=tell)
        by_hls = Uploads(cameras.readers, send, lambda order: order.get("hls", True), tell=tell)
        self.uploads = (relayed, by_hls)
        recorded, clips = (calls.memory.file.with_suffix(ending) for ending in (".recorded", ".clips"))
        self.recorder = None if bounds is None else Recorder(cameras.readers, recorded, bounds, tell=tell)
        cameras.recorder = self.recorder
        self.recordings = Recordings(calls, cameras.sources, clips, recorder=self.recorder, tell=tell)
        self.health_every = health_every
        self.is_ended = False
        # The relay that holds calls for orders, or ""; a digest of present orders; True if it has answered.
        self._line, self._seen, self._is_good = "", "", False
        self._errands: Sequence[Mapping[str, Any]] = ()
        self._again_at: dict[str, float] = {}
        self._hurries = threading.Event()
        self._failures = 0
        self._report_at = self._tidy_at = float("-inf")

    def activate(self, code: str) -> None:
        """Activate the CORE, once the portal is reached. Raises NotLetIn for a wrong code."""
        while not self.is_ended:
            try:
                self.calls.activate(code, firmware=FIRMWARE)
            except NotNow as failure:
                self._wait_after(failure)
            else:
                self.tell("activated")
                return

    def run(self) -> None:
        self.cameras.start()
        if self.recorder:
            self.recorder.start()
        asking = threading.Thread(target=self._ask_on, daemon=True)
        try:
            asking.start()
            while not self.is_ended:
                self.tend()
                if not asking.is_alive() and not self.is_ended:
                    raise RuntimeError("the thread that asks has ended")
                time.sleep(TEND_EVERY)
        finally:
            self.calls.hang_up()
            for each in self.uploads:
                each.stop()
            if self.recorder:
                self.recorder.stop()
            self.cameras.stop()

    def _ask_on(self) -> None:
        while not self.is_ended:
            try:
                wait = self.once()
            except NotNow as failure:
                self._wait_after(failure)
            except NotLetIn as refused:
                # Suspended or returned: it may be let in again, and nobody is at the device to press a button.
                self._follow([])
                self._wait_after(NotNow(f"not let in: {refused}"))
            else:
                self._failures = 0
                self._rest(wait)

    def once(self) -> float:
        """Ask for orders and begin to follow them; return the seconds until the next call.

        Asks the relay that the last poll named; without one, or if that fails, polls at once. A relay that never
        answered is asked again only when the next poll is due.
        """
        was_good = True
        if self._line:
            try:
                return self._on_line()
            except NotNow as failure:
                if self.is_ended:
                    return 0.0
                self.tell(f"the line is down: {failure}")
                was_good = self._is_good
        answer = self.calls.call("poll", {})
        self.tell("polled")
        self._line, self._seen, self._is_good = answer.get("line", ""), "", False
        self._follow(answer["orders"])
        return 0.0 if self._line and was_good else float(answer["again_in"])

    def _on_line(self) -> float:
        began = time.monotonic()
        answer = self.calls.line(self._line, self._seen)
        is_held = answer["seen"] != self._seen or time.monotonic() - began > 1
        self._seen, self._is_good = answer["seen"], True
        self._follow(answer["orders"])
        return 0.0 if is_held else 1.0

    def _follow(self, orders: Sequence[Mapping[str, Any]]) -> None:
        sent = [order for order in orders if order["kind"] == "stream"]
        for each in self.uploads:
            each.follow(sent)
        self._errands = [order for order in orders if order["kind"] != "stream"]

    def ask_again(self) -> None:
        """Ask for orders at once, since a relay refused an upload."""
        self._hurries.set()
        self.calls.hang_up()

    def tend(self) -> None:
        now = time.time() + self.calls.ahead
        for each in self.uploads:
            each.stop_over(now)
        if self.recorder and time.monotonic() >= self._tidy_at:
            self._tidy_at = time.monotonic() + TIDY_EVERY
            self.recorder.tidy(time.time())
        if self.cameras.has_news() or time.monotonic() >= self._report_at:
            self.report()
        errands = self._errands
        self._again_at = {
            each: at for each, at in self._again_at.items() if each in {str(one["id"]) for one in errands}
        }
        for order in errands:
            if time.monotonic() >= self._again_at.get(str(order["id"]), 0.0):
                self._again_at[str(order["id"])] = time.monotonic() + self.obey(order)

    def obey(self, order: Mapping[str, Any]) -> float:
        """Do a part of an order; return the seconds until its next part, infinity if the order is done or unknown."""
        doer = {"snapshot": self._send_still, "clip": self.recordings.send}.get(str(order.get("kind")))
        try:
            return float("inf") if doer is None or doer(order) else 0.0
        except (NotNow, NotLetIn) as failure:
            self.tell(f"not done: {failure}")
            return max(ERRAND_AGAIN, float(getattr(failure, "wait", 0)))

    def _send_still(self, order: Mapping[str, Any]) -> bool:
        try:
            picture = reader.newest_still(self.cameras.readers[order["channel"]])
        except (KeyError, reader.NoPicture) as failure:
            raise NotNow(f"no picture: {failure}") from failure
        self.calls.put(order["put"], picture, kind="image/jpeg")
        self.tell(f"sent a picture of {order['channel']}")
        return True

    def report(self) -> None:
        try:
            self.calls.call("health", self.health())
        except (NotNow, NotLetIn) as failure:
            self.tell(f"not reported: {failure}")
            self._report_at = time.monotonic() + min(self.health_every, REPORT_AGAIN)
        else:
            self.tell("reported")
            self._report_at = time.monotonic() + self.health_every

    def health(self) -> dict[str, Any]:
        disk = shutil.disk_usage(self.calls.memory.file.parent)
        return {
            "firmware": FIRMWARE,
            "clock_ms": int(time.time() * 1000),
            "disk_free": disk.free,
            "disk_size": disk.total,
            "recorded_minutes": self.recordings.minutes(),
            "channels": self.cameras.channels(),
        }

    def end(self) -> None:
        """Stop after the present step; a call that a relay holds ends at once."""
        self.is_ended = True
        self.calls.hang_up()

    def _wait_after(self, failure: NotNow) -> None:
        """Wait up to twice as long after each failure in a row, by chance: a thousand COREs must not call at once."""
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2**self._failures)
        self._failures = min(self._failures + 1, 10)
        wait = max(float(failure.wait), random.uniform(longest / 2, longest))  # noqa: S311  (spreads, hides nothing)
        self.tell(f"{failure}; again in {wait:.1f} s")
        self._sleep(wait)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._hurries.is_set() and not self.is_ended and (left := until - time.monotonic()) > 0:
            self._sleep(min(left, 0.2))
        self._hurries.clear()

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.is_ended and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
