"""Pictures that come late: of a line that is slow, and of a camera alone."""

import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from integration.live import passes
from integration.sharing import services as sharing
from tests.browser.conftest import OpenWindow
from tests.browser.live.relayed import COUNT_DARK, Relayed, forgives_lost_lines, is_dark, lines_of, moves, tile_of
from tests.integration.live.streaming import stream_of
from tests.integration.live.video.test_fragments import read, sent
from tests.integration.relay.watching import put
from tests.integration.sharing.consent import owner_of
from tests.peers.nginx import slow
from tests.peers.relay import free_port, until

pytestmark = [pytest.mark.browser, pytest.mark.long]

PACE = 10_000
"""Bytes a second: less than the camera of the tests sends."""


def test_a_slow_line_never_gets_further_behind_than_some_seconds(
    open_relayed: OpenWindow, relayed: Relayed, tmp_path: Path
) -> None:
    window = open_relayed("deputy")
    opened = lines_of(window)
    behind, shown = f"http://localhost:{free_port()}", relayed.live.addresses[0]
    relay = relayed.start(0, behind=behind)
    [view] = relayed.begin(window)
    relayed.send(view, relay)
    with slow(urlsplit(shown).port or 0, behind, tmp_path / "nginx", pace=PACE):
        window.open(relayed.wall)
        tile = tile_of(window, view)
        moves(tile)
        seconds, asked = [], []
        window.page.on("request", lambda request: asked.append(request.url) if "/state/" in request.url else None)
        for _look in range(70):
            window.page.wait_for_timeout(500)
            said = tile.locator("[data-behind]").text_content() or ""
            seconds.append(int(said.removesuffix(" s behind") or 0))
        assert 2 <= max(seconds) <= 9
        assert len(opened) > 1
        assert len(asked) > 70 * 0.5 / 3 + 3  # more often than each three seconds
        window.looks()
        until(lambda: tile.locator("[data-behind]").text_content())
        sharing.pause_sharing(registrant=owner_of(relayed.seen.camera), by=relayed.seen.owner)
        window.reads("Sharing is paused until the owner resumes.")
        is_dark(tile)
    forgives_lost_lines(window)


def test_a_camera_that_is_late_by_itself_makes_no_other_dark(open_relayed: OpenWindow, relayed: Relayed) -> None:
    window = open_relayed("deputy")
    opened = lines_of(window)
    relay = relayed.start(0)
    first, second = relayed.begin(window, cameras=2)
    relayed.send(first, relay)
    stream = stream_of(second).pk

    def send() -> None:
        with suppress(OSError, HTTPException):  # in the end the relay is killed
            put(relay, stream, passes.stream_token(stream), shown_in_an_hour())

    threading.Thread(target=send, daemon=True).start()
    window.open(relayed.wall)
    moves(tile_of(window, first))
    tile_of(window, first).locator("video").evaluate(COUNT_DARK)
    window.page.wait_for_timeout(12_000)  # a line is left for what is five seconds late on it
    assert window.page.evaluate("window.dark") == 0
    assert len(opened) == 1


def shown_in_an_hour() -> Iterator[bytes]:
    """Yield a body at a camera's pace. Each key frame is to be shown in an hour, and before the one that came first."""
    init, *frames = read(sent(seconds=15))
    yield init.box
    for number, frame in enumerate(frames):
        time.sleep(0.1)
        [moof] = struct.unpack_from(">I", frame.box)
        later = struct.pack(">i", 36_000_000 - 20_000 * number)
        yield frame.box[: moof - 4] + later + frame.box[moof:] if number % 10 == 0 else frame.box
