"""The provider of text messages as tests meet it: a process of its own, and what goes wrong there next."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from fusus_portal.demo.servers.valkey import Valkey
from tests.database.clone import Clone
from tests.peers.web import CHECKOUT, SECONDS_TO_ANSWER, WebServer, awake, kept

ACCOUNT, SECRET, SENDER = "AC0123456789abcdef", "auth token of the tests", "+12055550199"
Json = dict[str, Any]


class TextPeer:
    """A running provider. url: its address, without a slash at its end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.peers.texts_process", ACCOUNT, SECRET],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("the provider of texts does not start")

    @property
    def environment(self) -> dict[str, str]:
        """Variables of the environment that lead a process of the portal to the provider."""
        return {
            "TEXT_URL": f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            "TEXT_ACCOUNT": ACCOUNT,
            "TEXT_SENDER": SENDER,
            "TEXT_SECRET": SECRET,
        }

    def tell(self, what: str, **told: Any) -> Json:
        """Ask the control address."""
        request = urllib.request.Request(f"{self.url}/_control/{what}", json.dumps(told).encode())  # noqa: S310
        with urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER) as answer:  # noqa: S310
            made: Json = json.load(answer)
        return made

    def fault(self, kind: str, *, status: int = 0, code: int = 0) -> None:
        """Plan what goes wrong with the next post.

        "refuse" answers with a status and takes nothing; "slow", "cut" and "error" take it, and do not say so.
        """
        self.tell("fault", kind=kind, status=status, code=code)

    def signed(self, url: str, form: dict[str, str]) -> str:
        """Return the provider's signature of a call."""
        return str(self.tell("signed", url=url, form=form)["signature"])

    def call(self, url: str, form: dict[str, str], *, times: int = 1) -> list[Json]:
        """Let the provider call the portal, so many times with the same; return the answers."""
        answers: list[Json] = self.tell("call", url=url, form=form, times=times)["answers"]
        return answers

    @property
    def messages(self) -> list[Json]:
        """The messages that the provider took, in order."""
        taken: list[Json] = self.tell("state")["messages"]
        return taken

    @property
    def posts(self) -> int:
        """The number of posts that asked the provider to take a message."""
        return int(self.tell("state")["posts"])

    def close(self) -> None:
        """End the provider."""
        self._process.terminate()
        self._process.wait(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(scope="session")
def running_text_peer() -> Iterator[TextPeer]:
    """Run the provider once for all tests of this process that need it."""
    peer = TextPeer()
    yield peer
    peer.close()


@pytest.fixture
def text_peer(running_text_peer: TextPeer, settings: LazySettings) -> Iterator[TextPeer]:
    """Return a provider that knows nothing yet, to which the portal's settings point."""
    running_text_peer.tell("forget")
    for name, value in running_text_peer.environment.items():
        setattr(settings, name, value)
    settings.TEXT_SIGNING_SECRET = SECRET
    settings.TEXT_TIMEOUT_SECONDS = 0.5
    yield running_text_peer
    running_text_peer.tell("let_go")


@pytest.fixture(scope="session")
def kept_texting(
    running_text_peer: TextPeer, django_db_setup: Clone, uploads_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[WebServer, Valkey]]:
    """Keep a portal that is set to the provider by environment alone."""
    folder = tmp_path_factory.mktemp("texting")
    with kept(django_db_setup, uploads_root, folder, running_text_peer.environment) as offered:
        yield offered


@pytest.fixture
def texting_portal(
    text_peer: TextPeer, portal_db: Clone, kept_texting: tuple[WebServer, Valkey]
) -> Iterator[WebServer]:
    """Run a portal that the provider can call."""
    with awake(*kept_texting):
        yield kept_texting[0]
