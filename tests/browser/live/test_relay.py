"""Live view frame by frame: what a deputy sees when all is well, and each way in which it may not be."""

import re
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from integration.cores.models import Core
from integration.live.models import ViewGrant
from integration.sharing import services as sharing
from tests.browser.conftest import OpenWindow
from tests.browser.live.relayed import (
    COUNT_DARK,
    PATIENCE_MS,
    Relayed,
    forgives_lost_lines,
    is_dark,
    lines_of,
    moves,
    shown_frames,
    tile_of,
)
from tests.browser.sizes import HANDHELD
from tests.integration.reference.core_process import running_core
from tests.integration.sharing.consent import owner_of, set_mode
from tests.peers.nginx import holding_back
from tests.peers.relay import free_port, until

pytestmark = [pytest.mark.browser, pytest.mark.long]

LATE = "The picture is a few seconds old."
HELD_BACK = "This network holds video back, so the picture is a few seconds old."
LIBRARY = re.compile(r"/js/hls[^/]*\.js$")
PLAYLIST = "playlist.m3u8"
OLD_BROWSER = "This browser plays live video late, so the picture is a few seconds old."


def test_one_line_carries_all_and_a_refused_one_goes_dark_alone(open_relayed: OpenWindow, relayed: Relayed) -> None:
    window = open_relayed("deputy")
    opened = lines_of(window)
    relay = relayed.start(0)
    first, second = relayed.begin(window, cameras=2)
    relayed.send(first, relay)
    relayed.send(second, relay)
    window.open(relayed.wall)
    for view in (first, second):
        moves(tile_of(window, view))
        expect(tile_of(window, view).locator("[data-way]")).to_be_empty()
    assert [set(views) for views in opened] == [{str(first.pk), str(second.pk)}]
    window.looks()
    set_mode(relayed.seen.cameras[0], "never")
    is_dark(tile_of(window, first))
    window.reads("The owner never shares this camera.")
    moves(tile_of(window, second))
    sharing.pause_sharing(registrant=owner_of(relayed.seen.camera), by=relayed.seen.owner)
    is_dark(tile_of(window, second))
    window.reads("Sharing is paused until the owner resumes.")
    window.looks()


def test_another_camera_joins_and_the_first_stays_on_the_screen(open_relayed: OpenWindow, relayed: Relayed) -> None:
    window = open_relayed("deputy")
    opened = lines_of(window)
    relay = relayed.start(0)
    [first] = relayed.begin(window, cameras=1)
    relayed.send(first, relay)
    window.open(relayed.wall)
    moves(tile_of(window, first))
    tile_of(window, first).locator("video").evaluate(COUNT_DARK)
    [second] = relayed.begin(window, cameras=1, after=1)
    relayed.send(second, relay)
    moves(tile_of(window, second))
    moves(tile_of(window, first))
    assert opened == [[str(first.pk)], [str(first.pk), str(second.pk)]]
    assert window.page.evaluate("window.dark") == 0
    # Loaded again, and come back to, it shows both, of the same views.
    window.page.reload()
    moves(tile_of(window, first))
    window.open("/console/")
    window.page.go_back()
    moves(tile_of(window, first))
    moves(tile_of(window, second))
    assert set(ViewGrant.objects.filter(state="running")) == {first, second}


def test_a_camera_that_stops_is_late_first_and_then_dark(open_relayed: OpenWindow, relayed: Relayed) -> None:
    window = open_relayed("deputy", size=HANDHELD)
    relay = relayed.start(0)
    [view] = relayed.begin(window)
    device = relayed.send(view, relay)
    window.open(relayed.wall)
    tile = tile_of(window, view)
    moves(tile)
    window.looks()
    expect(tile.locator("[data-behind]")).to_be_empty()
    device.send_signal(signal.SIGSTOP)
    expect(tile.locator("[data-behind]")).to_have_text(re.compile(r"^[123] s behind$"))
    is_dark(tile)
    device.send_signal(signal.SIGCONT)
    moves(tile)


def test_a_relay_dies_and_another_one_takes_over(open_relayed: OpenWindow, relayed: Relayed) -> None:
    window = open_relayed("deputy")
    both = [relayed.start(0), relayed.start(1)]
    [view] = relayed.begin(window)
    number = relayed.relay_of(view)
    relayed.send(view, both[number])
    relayed.send(view, both[1 - number])
    window.open(relayed.wall)
    moves(tile_of(window, view))
    tile_of(window, view).locator("video").evaluate(COUNT_DARK)
    both[number].kill()
    window.page.wait_for_function("window.dark > 0", timeout=PATIENCE_MS)
    moves(tile_of(window, view))
    expect(tile_of(window, view).locator("[data-way]")).to_be_empty()
    forgives_lost_lines(window)


def test_a_network_that_holds_video_back_gets_pieces_and_says_so(
    open_relayed: OpenWindow, relayed: Relayed, tmp_path: Path
) -> None:
    window = open_relayed("deputy")
    window.may_answer = {404}
    behind, shown = f"http://localhost:{free_port()}", relayed.live.addresses[0]
    relayed.start(0, behind=behind)
    with (
        holding_back(urlsplit(shown).port or 0, behind, tmp_path / "nginx"),
        running_core(relayed.seen.device, relayed.url, tmp_path, {"c0": "testsrc"}),
    ):
        [view] = relayed.begin(window)
        window.open(relayed.wall)
        tile = tile_of(window, view)
        moves(tile)
        expect(tile.locator("[data-way]")).to_have_text(HELD_BACK, timeout=PATIENCE_MS)
        window.looks()
        window.page.close()
    forgives_lost_lines(window)


def test_a_network_that_lets_nobody_to_the_relay_gets_pieces(
    open_relayed: OpenWindow, relayed: Relayed, tmp_path: Path
) -> None:
    window = open_relayed("deputy")
    window.may_answer = {404}
    relayed.start(0)
    window.page.route(f"{relayed.live.addresses[0]}/watch", lambda route: route.abort())
    with running_core(relayed.seen.device, relayed.url, tmp_path, {"c0": "testsrc"}):
        [view] = relayed.begin(window)
        window.open(relayed.wall)
        moves(tile_of(window, view))
        expect(tile_of(window, view).locator("[data-way]")).to_have_text(HELD_BACK)
    forgives_lost_lines(window)


def test_without_a_relay_there_are_pieces_until_one_is_there(
    open_relayed: OpenWindow, relayed: Relayed, tmp_path: Path
) -> None:
    window = open_relayed("deputy")
    window.may_answer = {404}
    [view] = relayed.begin(window)
    tile = tile_of(window, view)
    with running_core(relayed.seen.device, relayed.url, tmp_path, {"c0": "testsrc"}):
        window.open(relayed.wall)
        moves(tile)
        expect(tile.locator("[data-way]")).to_have_text(LATE)
    relayed.send(view, relayed.start(0))
    expect(tile.locator("[data-way]")).to_be_empty(timeout=PATIENCE_MS)
    moves(tile)


def test_a_browser_without_media_source_plays_pieces_alone(
    open_relayed: OpenWindow, relayed: Relayed, tmp_path: Path
) -> None:
    window = open_relayed("deputy")
    window.may_answer = {403, 404}
    window.context.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource;")
    opened = lines_of(window)
    relayed.start(0)
    [view] = relayed.begin(window)
    tile = tile_of(window, view)
    with running_core(relayed.seen.device, relayed.url, tmp_path, {"c0": "testsrc"}):
        window.open(relayed.wall)
        moves(tile)
        expect(tile.locator("[data-way]")).to_have_text(OLD_BROWSER)
        assert opened == []
        sharing.pause_sharing(registrant=owner_of(relayed.seen.camera), by=relayed.seen.owner)
        is_dark(tile)
        window.reads("Sharing is paused until the owner resumes.")


def test_a_camera_that_this_browser_cannot_play_says_so(open_relayed: OpenWindow, relayed: Relayed) -> None:
    window = open_relayed("deputy", size=HANDHELD)
    if window.page.evaluate("MediaSource.isTypeSupported('video/mp4; codecs=\"hvc1.1.6.L63.90\"')"):
        pytest.fail("this browser plays H.265: the test needs another codec")
    relay = relayed.start(0)
    [view] = relayed.begin(window)
    relayed.send(view, relay, more=["-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1"])
    window.open(relayed.wall)
    window.reads("This camera sends H.265, which this browser can't play.")
    assert shown_frames(tile_of(window, view)) == 0
    window.looks()


def test_a_real_core_sends_frames_and_is_asked_for_no_pieces(
    open_relayed: OpenWindow, relayed: Relayed, tmp_path: Path
) -> None:
    window = open_relayed("deputy")
    window.may_answer = {404}
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    relayed.start(0)
    with running_core(relayed.seen.device, relayed.url, tmp_path, {"c0": "testsrc"}):
        # It is there already when somebody begins to look.
        until(lambda: Core.objects.get().seen_at is not None)
        [view] = relayed.begin(window)
        window.open(relayed.wall)
        tile = tile_of(window, view)
        moves(tile)
        expect(tile.locator("[data-way]")).to_be_empty(timeout=PATIENCE_MS)
        asked.clear()
        before = shown_frames(tile)
        until(lambda: shown_frames(tile) > before + 70)
    assert asked
    assert not any("playlist" in address for address in asked)


def test_a_sign_in_that_ends_takes_its_pictures_before_the_next_page_comes(
    open_relayed: OpenWindow, relayed: Relayed
) -> None:
    window = open_relayed("deputy")
    relay = relayed.start(0)
    [view] = relayed.begin(window)
    relayed.send(view, relay)
    window.open(relayed.wall)
    tile = tile_of(window, view)
    moves(tile)
    # The relay has not heard of it, and still sends; and no other page comes (204 keeps the one that is there).
    asked: list[str] = []

    def stay(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=204)

    window.page.route(f"**{relayed.wall}", stay)
    window.page.route("**/live/watch/state/", lambda route: route.fulfill(status=302, headers={"Location": "/"}))
    is_dark(tile)
    window.page.wait_for_timeout(7_000)
    is_dark(tile)
    assert len(asked) == 1  # however long the next page takes, nothing disturbs its coming


def test_without_its_library_a_page_asks_for_no_piece_until_it_is_loaded_again(
    open_relayed: OpenWindow, relayed: Relayed
) -> None:
    window = open_relayed("deputy")
    window.may_answer = {404}
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url) if PLAYLIST in request.url else None)
    window.page.route(LIBRARY, lambda route: route.abort())
    relayed.begin(window)
    with window.page.expect_request(LIBRARY):
        window.open(relayed.wall)
    window.reads("The portal can't be reached. Trying again.")
    window.page.wait_for_timeout(2_000)
    with window.page.expect_request(LIBRARY, timeout=PATIENCE_MS):
        pass  # the page was loaded again
    assert asked == []
    assert ViewGrant.objects.get().minutes == 0
    with window.page.expect_request(f"**/{PLAYLIST}", timeout=PATIENCE_MS):
        window.page.unroute(LIBRARY)
    until(lambda: ViewGrant.objects.get().minutes == 1)
    forgives_lost_lines(window)
