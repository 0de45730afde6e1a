"""Live view while the Valkey of live video answers nobody. It is this test's own: a pause is for all who ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from fusus_portal.demo.servers import valkey
from integration.live.models import ViewGrant
from integration.live.video.connection import live
from tests.browser.conftest import OpenWindow, windows_on
from tests.browser.live.test_live import OLDEST_SECONDS, PATIENCE_MS, age_of_the_picture, begins, until
from tests.database.clone import Clone
from tests.integration.live.streaming import Scene, scene
from tests.integration.reference.core_process import running_core
from tests.peers.web import awake, kept

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def seen(portal_db: Clone, own_live: valkey.Valkey) -> Scene:
    """Return a camera that may be seen."""
    return scene(cameras=1)


@pytest.fixture
def open_window(
    seen: Scene, portal_db: Clone, uploads_root: Path, tmp_path: Path, chromium: Browser
) -> Iterator[OpenWindow]:
    """Open windows on a portal of this test's own, with the CORE of the camera at work."""
    with (
        kept(portal_db, uploads_root, tmp_path, {}) as (server, queue),
        awake(server, queue),
        running_core(seen.device, server.url, tmp_path, {"c0": "testsrc"}),
        windows_on(server.url, chromium) as open_one,
    ):
        yield open_one


def test_the_player_goes_on_by_itself_once_the_live_valkey_answers_again(open_window: OpenWindow, seen: Scene) -> None:
    window = open_window("deputy")
    window.may_answer = {404, 503}
    window.is_signed_in_as(seen.deputy)
    begins(window, seen)
    live().client_pause(4000)
    window.reads("its memory does not answer")
    expect(window.page.locator("video:visible")).to_have_count(0)
    expect(window.page.locator("video:visible")).to_have_count(1, timeout=PATIENCE_MS)
    until(lambda: 0 <= age_of_the_picture(window.page) < OLDEST_SECONDS)  # it hurries from where it stood
    assert ViewGrant.objects.get().state == "running"
    window.problems = [problem for problem in window.problems if not problem.startswith("503:")]
