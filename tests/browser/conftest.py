"""People's windows on the running portal."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from playwright.sync_api import Browser

from fusus_portal.demo.data.story import street_video
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from tests.browser.chromium import running_chromium
from tests.browser.mailbox import Mailbox
from tests.browser.people import People
from tests.browser.sizes import DESKTOP, Size
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.peers.portal import Portal
from tests.people import make_person

OpenWindow = Callable[..., Window]
VIDEO_SECONDS = 12


def as_webm(video: Path) -> Path:
    """Return the same pictures in a kind that every Chromium plays."""
    target = video.with_suffix(".webm")
    encoding = ["-c:v", "libvpx", "-b:v", "1M", "-deadline", "realtime", "-cpu-used", "8", str(target)]
    subprocess.run([get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", str(video), *encoding], check=True)
    return target


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Run one browser for these tests."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def open_window(web: Portal, chromium: Browser) -> Iterator[OpenWindow]:
    """Open windows on the portal."""
    with windows_on(web.url, chromium) as open_one:
        yield open_one


@contextmanager
def windows_on(url: str, chromium: Browser) -> Iterator[OpenWindow]:
    """Open windows on a portal; in the end nothing wrong may have happened in any of them."""
    opened: list[Window] = []

    def window(
        who: str, *, size: Size = DESKTOP, language: str = "en", script: bool = True, dark: bool = False
    ) -> Window:
        opened.append(Window(chromium, url, who=who, size=size, language=language, script=script, dark=dark))
        return opened[-1]

    yield window
    for one in opened:
        one.close()
    assert [problem for one in opened for problem in one.problems] == []


@pytest.fixture
def mailbox(web: Portal) -> Mailbox:
    """Return the mail that went out."""
    return Mailbox(web.mail)


@pytest.fixture(scope="package")
def recording(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a real video on a resident's disk: as cameras make it where the browser plays that, else as WebM."""
    page = chromium.new_page()
    plays = page.evaluate("() => document.createElement('video').canPlayType('video/mp4; codecs=\"avc1.42E01E\"')")
    page.close()
    made = street_video(
        tmp_path_factory.mktemp("recording") / "Front door.mp4", seconds=VIDEO_SECONDS, at=datetime.now().astimezone()
    )
    return made if plays else as_webm(made)


@pytest.fixture
def deputy(portal_db: Clone) -> User:
    """Return a deputy with a name that nobody outside the agency may read."""
    return make_person(Role.DEPUTY, "dana@sheriff.example", name="Dana Whitfield")


@pytest.fixture
def supervisor(portal_db: Clone) -> User:
    """Return a supervisor."""
    return make_person(Role.SUPERVISOR, "ruth@sheriff.example", name="Ruth Alvarez")


@pytest.fixture
def people(
    request: pytest.FixtureRequest, open_window: OpenWindow, mailbox: Mailbox, deputy: User, supervisor: User
) -> People:
    """Seat everybody. Parameter: the size of all windows, and the language of the public ones."""
    size, language = request.param
    return People(
        home=open_window("resident", size=size, language=language),
        phone=open_window("link", size=size, language=language),
        desk=open_window("deputy", size=size),
        office=open_window("supervisor", size=size),
        deputy=deputy,
        supervisor=supervisor,
        mailbox=mailbox,
    )
