"""A portal that names two relays, its windows, and cameras whose pictures a relay gets frame by frame."""

import json
import random
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, Locator, Request, expect

from fusus_portal.demo.servers.valkey import Valkey
from integration.live import passes
from integration.live.models import ViewGrant
from integration.live.video import relays
from tests.browser.conftest import OpenWindow, windows_on
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.integration.live.streaming import Scene, scene, stream_of
from tests.peers.relay import Relay, named, sending, until
from tests.peers.web import WebServer, awake, environment, kept

PATIENCE_MS = 30_000
COUNT_DARK = """video => {
  window.dark = 0;
  const count = () => { if (video.hidden) window.dark += 1; };
  new MutationObserver(count).observe(video, { attributes: true, attributeFilter: ["hidden"] });
}"""


@dataclass(frozen=True)
class Live:
    """The portal, and where it says that its relays are."""

    server: WebServer
    queue: Valkey
    addresses: Sequence[str]


def lasting_port() -> int:
    """Return a port below those that the system gives to outgoing lines: it is still free when a relay starts later."""
    for port in random.sample(range(20_000, 30_000), 100):
        with (
            suppress(OSError),
            socket.create_server(("127.0.0.1", port)),
            socket.create_server(("127.0.0.1", port + 1)),
        ):
            return port
    raise RuntimeError("no port is free")


@pytest.fixture(scope="package")
def kept_live(django_db_setup: Clone, uploads_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Keep a gunicorn that names two relays."""
    addresses = [f"http://localhost:{lasting_port()}" for _ in range(2)]
    folder = tmp_path_factory.mktemp("relayed")
    with kept(django_db_setup, uploads_root, folder, named(addresses)) as (server, queue):
        yield Live(server, queue, addresses)


@dataclass
class Relayed:
    """The portal, scene and relays that a test acts on. session: key of the sign-in that sees cameras."""

    live: Live
    seen: Scene
    environment: dict[str, str]
    folder: Path
    running: ExitStack
    session: str = ""

    @property
    def url(self) -> str:
        return self.live.server.url

    def start(self, number: int, *, behind: str = "") -> Relay:
        """Run a relay, and wait until the portal knows it: a page that is opened earlier takes pieces.

        behind: the address where it listens itself, if a proxy has the one that the portal names.
        """
        addresses = list(self.live.addresses)
        addresses[number] = behind or addresses[number]
        relay = Relay(self.environment, self.folder / f"relay{number}.log", addresses=addresses, number=number)
        self.running.callback(relay.kill)
        relay.start()
        with override_settings(LIVE_RELAYS=list(self.live.addresses)):
            until(lambda: self.live.addresses[number] in relays.living())
        return relay

    def relay_of(self, view: ViewGrant) -> int:
        """Return the number of the relay that a view's stream has while both live."""
        return list(self.live.addresses).index(relays.of_stream(stream_of(view).pk, list(self.live.addresses)))

    def send(self, view: ViewGrant, relay: Relay, *, more: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
        """Let a device send the camera of a view, until the test is over."""
        stream = stream_of(view)
        return self.running.enter_context(sending(relay.devices, stream.pk, passes.stream_token(stream.pk), more=more))

    def begin(self, window: Window, *, cameras: int = 1, after: int = 0) -> list[ViewGrant]:
        """Begin to see so many cameras from a window, not counting the first ones."""
        window.may_go |= {urlsplit(address).netloc for address in self.live.addresses}
        self.session = self.session or str(window.is_signed_in_as(self.seen.deputy).session_key)
        return [self.seen.begin(camera, session=self.session) for camera in self.seen.cameras[after : after + cameras]]

    @property
    def wall(self) -> str:
        """The path of the wall of live views."""
        return f"/console/incidents/{self.seen.incident.pk}/live/watch/"


@pytest.fixture
def relayed(kept_live: Live, portal_db: Clone, uploads_root: Path, tmp_path: Path) -> Iterator[Relayed]:
    """Run the portal on this test's database, and no relay yet."""
    seen = scene(cameras=3)
    variables = {**environment(portal_db, kept_live.queue, uploads_root), "SITE_URL": kept_live.server.url}
    with awake(kept_live.server, kept_live.queue), ExitStack() as running:
        yield Relayed(kept_live, seen, variables, tmp_path, running)


@pytest.fixture
def open_relayed(relayed: Relayed, chromium: Browser) -> Iterator[OpenWindow]:
    """Open windows on the portal that names relays."""
    with windows_on(relayed.url, chromium) as open_one:
        yield open_one


def tile_of(window: Window, view: ViewGrant) -> Locator:
    """Return the tile of a view."""
    return window.page.locator(f"[data-view='{view.pk}']")


def moves(tile: Locator) -> None:
    """Wait for a picture, and for another one after it."""
    video = tile.locator("video")
    expect(video).to_be_visible(timeout=PATIENCE_MS)
    before = shown_frames(tile)
    tile.page.wait_for_function(
        "([video, before]) => video.getVideoPlaybackQuality().totalVideoFrames > before + 3",
        arg=[video.element_handle(), before],
        timeout=PATIENCE_MS,
    )


def shown_frames(tile: Locator) -> int:
    """Return how many frames a tile has shown."""
    count: int = tile.locator("video").evaluate("video => video.getVideoPlaybackQuality().totalVideoFrames")
    return count


def is_dark(tile: Locator) -> None:
    """Wait until a tile has no picture; then nothing of one is left in its player."""
    expect(tile.locator("video")).to_be_hidden(timeout=PATIENCE_MS)
    assert tile.locator("video").evaluate("video => [video.getAttribute('src'), video.videoWidth]") == [None, 0]


def lines_of(window: Window) -> list[list[str]]:
    """Return a list to which the views of each line that a page opens to a relay are added."""
    opened: list[list[str]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/watch"):
            opened.append(json.loads(request.post_data or "")["views"])

    window.page.on("request", note)
    return opened


def forgives_lost_lines(window: Window) -> None:
    """Let a browser note that lines broke, which a test cut."""
    window.problems = [each for each in window.problems if "net::ERR_" not in each]
