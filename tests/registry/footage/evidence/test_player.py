"""A real browser plays a file larger than one answer, seeks in it, and reaches its end."""

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response, sync_playwright

from audit.log.events import Event
from registry.footage.models import Evidence
from registry.footage.views.evidence import LARGEST_ANSWER
from tests.database.clone import Clone
from tests.factories import request_at
from tests.peers.web import WebServer
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given

pytestmark = [pytest.mark.browser, pytest.mark.long]

SECONDS = 30.0
LENGTH = 10
REASON = "Look for the grey van that neighbors saw leave the alley"


@pytest.fixture
def found(portal_db: Clone, tmp_path: Path) -> Evidence:
    """A noisy video larger than one answer, in a format that every Chromium plays."""
    path = tmp_path / "Yard.webm"
    picture = "testsrc2=size=1280x720:rate=25,noise=alls=60:allf=t"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", picture, "-t", str(LENGTH)]
    encoding = ["-c:v", "libvpx", "-b:v", "12M", "-deadline", "realtime", "-cpu-used", "8", str(path)]
    subprocess.run([*command, *encoding], check=True)
    assert path.stat().st_size > LARGEST_ANSWER
    return given(request_at("sent"), content=path.read_bytes(), name=path.name)


def wait_until(page: Page, true: str) -> None:
    """Wait until an expression about the video holds."""
    deadline = time.monotonic() + SECONDS
    while not page.evaluate(f"() => {{ const video = document.querySelector('video'); return {true}; }}"):
        assert time.monotonic() < deadline, true
        page.wait_for_timeout(50)


def test_it_seeks_and_plays_to_the_end(web_server: WebServer, found: Evidence) -> None:
    deputy = sign_in(found.request.incident.opened_by)
    address = reverse("evidence", args=[found.pk])
    deputy.post(address, {"reason": REASON, "act": "view"})
    cookie: Any = {"name": "sessionid", "value": deputy.session.session_key, "url": web_server.url}
    parts: list[tuple[int, int]] = []

    def note(response: Response) -> None:
        if "/stream/" in response.url:
            parts.append((response.status, int(response.headers["content-length"])))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("response", note)
        page.goto(web_server.url + address)
        wait_until(page, "video.readyState >= 2")
        page.evaluate(
            "() => { const v = document.querySelector('video'); v.muted = true; v.currentTime = 7; v.play(); }"
        )
        wait_until(page, "video.currentTime > 7.5 && !video.seeking")
        wait_until(page, "video.ended")
        assert page.evaluate("() => document.querySelector('video').error") is None
        browser.close()
    assert len(parts) >= 2
    assert {status for status, _ in parts} == {206}
    assert max(length for _, length in parts) <= LARGEST_ANSWER
    assert len(entries_of(Event.EVIDENCE_VIEWED, found)) == 1
