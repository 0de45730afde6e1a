"""The agency's identity provider as tests meet it: a process of its own, and a browser that goes between the two."""

import html
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from fusus_portal.demo.servers.valkey import Valkey
from tests.database.clone import Clone
from tests.peers.web import CHECKOUT, POLL_SECONDS, SECONDS_TO_ANSWER, WebServer, awake, kept

PASSWORD = "plum river seven lanterns"
PEOPLE: dict[str, dict[str, Any]] = {
    "dana": {"email": "Dana@portal.example", "email_verified": True},
    "eve": {"email": "eve@portal.example", "email_verified": True},
}
CLIENT = {"client_id": "portal", "client_secret": "a secret for tests only"}


class Provider:
    """One OpenID provider on a port of its own; `people` are its people with the claims it makes of them."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "openid.json"
        self._log = folder / "openid.log"
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.issuer = f"http://127.0.0.1:{self._socket.getsockname()[1]}/o"
        self._process: subprocess.Popen[bytes] | None = None
        self.people: dict[str, dict[str, Any]] = {}

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.serve("http://localhost:1/")
        environment = {**os.environ, "OPENID_SITE": str(self._file)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        command = [sys.executable, "-m", "gunicorn", "tests.peers.openid_site"]
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "--bind", f"fd://{self._socket.fileno()}", "--threads", "4", "--log-level", "warning"],
                cwd=CHECKOUT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[self._socket.fileno()],
                start_new_session=True,
            )
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self._log.read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(POLL_SECONDS)

    def serve(self, redirect_uri: str) -> None:
        """Know everyone anew, as at the start, and send people back to this address."""
        self.people = {name: dict(claims) for name, claims in PEOPLE.items()}
        self._file.write_text(json.dumps({**CLIENT, "redirect_uri": redirect_uri, **self._people}))
        if self._process is not None:
            self._change("UPDATE oauth2_provider_application SET redirect_uris = ?", redirect_uri)

    def say(self, **changes: dict[str, Any]) -> None:
        """Change what it says of people from now on."""
        for name, claims in changes.items():
            self.people[name] = {**self.people[name], **claims}
        self._file.write_text(json.dumps({**CLIENT, "redirect_uri": "", **self._people}))

    def age_sign_ins(self, seconds: int) -> None:
        """Let everyone's sign-in there have been so long ago."""
        self._change("UPDATE auth_user SET last_login = datetime(last_login, ?)", f"-{seconds} seconds")

    def close(self) -> None:
        """Kill it and give the port back."""
        if self._process is not None:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=10)
        self._socket.close()

    @property
    def _people(self) -> dict[str, Any]:
        return {"people": self.people, "password": PASSWORD}

    def _change(self, statement: str, value: str) -> None:
        database = sqlite3.connect(self._file.with_suffix(".sqlite3"))
        with database:
            database.execute(statement, [value])
        database.close()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=SECONDS_TO_ANSWER).ok
        except requests.RequestException:
            return False


class Browser:
    """A browser without a screen: keeps cookies, follows redirects across both sites, fills in forms."""

    def __init__(self, portal: str) -> None:
        self.portal = portal
        self.session = requests.Session()
        self.trail: list[str] = []

    def get(self, address: str) -> requests.Response:
        """Open a page of the portal, or a whole address."""
        return self._seen(self.session.get(self._whole(address), timeout=30))

    def post(self, address: str, **fields: str) -> requests.Response:
        """Send a form that the page at the address holds."""
        page = self.session.get(self._whole(address), timeout=30)
        return self.fill(page, **fields)

    def fill(self, page: requests.Response, **fields: str) -> requests.Response:
        """Send the form of a page that was opened."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        hidden |= dict(re.findall(r"<input type=hidden name=(\w+) value='([^']*)'", page.text))
        sent = {name: html.unescape(value) for name, value in hidden.items()} | fields
        answer = self.session.post(page.url, data=sent, headers={"Referer": page.url}, timeout=30)
        return self._seen(answer)

    def at_provider(self, page: requests.Response, name: str) -> requests.Response:
        """Type name and password on the provider's page."""
        return self.fill(page, username=name, password=PASSWORD)

    def _whole(self, address: str) -> str:
        return address if address.startswith("http") else self.portal + address

    def _seen(self, answer: requests.Response) -> requests.Response:
        self.trail = [step.url for step in (*answer.history, answer)]
        return answer


class Pair:
    """A portal that is set to a provider, both running."""

    def __init__(self, portal: WebServer, provider: Provider) -> None:
        self.portal = portal
        self.provider = provider

    def browser(self) -> Browser:
        """Return a browser that was nowhere yet."""
        return Browser(self.portal.url)


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """Run one provider for all tests of this process."""
    provider = Provider(tmp_path_factory.mktemp("openid"))
    try:
        provider.start()
        yield provider
    finally:
        provider.close()


@pytest.fixture(scope="session")
def vouched_portal(
    provider: Provider, django_db_setup: Clone, uploads_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[WebServer, Valkey]]:
    """Keep a portal that is set to the provider by environment alone."""
    variables = {
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT["client_id"],
        "OIDC_CLIENT_SECRET": CLIENT["client_secret"],
        "OIDC_NAME": "County ID",
        "OIDC_MFA_CLAIM": "amr=mfa",
    }
    with kept(django_db_setup, uploads_root, tmp_path_factory.mktemp("vouched"), variables) as offered:
        yield offered


@pytest.fixture
def openid(provider: Provider, portal_db: Clone, vouched_portal: tuple[WebServer, Valkey]) -> Iterator[Pair]:
    """Run the portal and its provider, which knows everyone anew."""
    portal, queue = vouched_portal
    provider.serve(f"{portal.url}/account/oidc/callback/")
    with awake(portal, queue):
        yield Pair(portal, provider)
