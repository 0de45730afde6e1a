"""Live view without its database, its connections or its Valkey, all of them really gone: a clear 503, no 500.

And it goes on when they are back, with the view that there was.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from fusus_portal.demo.servers import valkey
from integration.cores import signatures
from integration.cores.signatures import Signed
from integration.live import passes
from integration.live.models import LiveStream, ViewGrant
from tests.database.clone import Clone
from tests.database.test_pooling import away
from tests.integration.live.streaming import Scene, pieces, playlist, scene, stream_of
from tests.peers.web import WebServer, environment

pytestmark = pytest.mark.long

BACKGROUND = {"X-Background": "1"}


@dataclass
class Answer:
    """The answer to a request."""

    status: int
    headers: Any
    body: bytes

    @property
    def sentence(self) -> str:
        """The sentence of the answer, for a script or a device."""
        said = json.loads(self.body)
        return str(said.get("sentence") or said.get("detail"))


@dataclass
class Line:
    """A deputy's browser and a CORE, at a server that they can lose."""

    port: int
    seen: Scene
    grant: ViewGrant
    stream: LiveStream
    session: str

    def get(self, path: str, *, background: bool = True) -> Answer:
        """Get a path as the page does automatically, or as a person who opens it."""
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"}
        return self._send("GET", path, b"", cookie | (BACKGROUND if background else {}))

    def put(self, name: str, body: bytes) -> Answer:
        """Send a piece of the stream."""
        token = passes.stream_token(self.stream.pk)
        path = f"/core/v1/streams/{self.stream.pk}/{name}"
        return self._send("PUT", path, body, {"Authorization": f"Bearer {token}"})

    def poll(self) -> Answer:
        """Ask for orders as the CORE does."""
        device, path = self.seen.device, "/core/v1/poll"
        signed = signatures.sign(device.key, Signed("POST", path, b"{}"), at=datetime.now(tz=UTC))
        headers = {"Authorization": f"Bearer {device.token}", signatures.HEADER: signed}
        return self._send("POST", path, b"{}", headers | {"Content-Type": "application/json"})

    def addresses(self) -> dict[str, Answer]:
        """Ask for everything that belongs to live view."""
        incident = f"/console/incidents/{self.seen.incident.pk}/live/"
        view = f"/console/live/{self.grant.pk}/"
        asked: dict[str, Callable[[], Answer]] = {
            "offers": lambda: self.get(incident, background=False),
            "watch": lambda: self.get(f"{incident}watch/", background=False),
            "state": lambda: self.get(f"{incident}watch/state/"),
            "playlist": lambda: self.get(f"{view}playlist.m3u8"),
            "piece": lambda: self.get(f"{view}3.ts"),
            "poll": self.poll,
            "put": lambda: self.put("9.ts", pieces()[1]),
        }
        with ThreadPoolExecutor(len(asked)) as threads:
            answers = {name: threads.submit(ask) for name, ask in asked.items()}
            return {name: answer.result() for name, answer in answers.items()}

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        line = HTTPConnection("localhost", self.port, timeout=30)
        try:
            line.request(method, path, body=body or None, headers=headers)
            response = line.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            line.close()


@pytest.fixture
def line(
    portal_db: Clone, own_live: valkey.Valkey, own_valkey: valkey.Valkey, uploads_root: Path, tmp_path: Path
) -> Iterator[Line]:
    """Return a view with its video, on a server with one connection in each of its two processes."""
    seen = scene()
    grant = seen.begin()
    seen.send(stream_of(grant))
    variables = {**environment(portal_db, own_valkey, uploads_root), "DATABASE_POOL": "1"}
    server = WebServer(variables, tmp_path / "web.log")
    server.start()
    try:
        yield Line(server.port, seen, grant, stream_of(grant), str(seen.browser.session.session_key))
        assert "Internal Server Error" not in server.log.read_text(encoding="utf-8")
    finally:
        server.close()


def works(line: Line, number: int) -> None:
    """Fetch what the CORE sends from now on: the view is the one that there was."""
    for each in range(number, number + 3):
        assert line.put(f"{each}.ts", pieces()[each % 8]).status == HTTPStatus.NO_CONTENT
    assert line.put("live.m3u8", playlist(number, 3)).status == HTTPStatus.NO_CONTENT
    assert f"\n{number}.ts\n".encode() in line.get(f"/console/live/{line.grant.pk}/playlist.m3u8").body
    assert line.get(f"/console/live/{line.grant.pk}/{number}.ts").body == pieces()[number % 8]
    connection.close()  # the test's own was ended as well
    line.grant.refresh_from_db()
    assert line.grant.state == "running"


def closed(answer: Answer) -> bool:
    """Tell whether an answer says that it can't be now, and when to come back."""
    return answer.status == HTTPStatus.SERVICE_UNAVAILABLE and answer.headers["Retry-After"].isdigit()


def test_while_the_database_is_away(line: Line, portal_db: Clone) -> None:
    works(line, 20)
    with away(portal_db):
        time.sleep(1.6)  # what the gate decided before is over
        answers = line.addresses()
    assert {name for name, answer in answers.items() if not closed(answer)} == set()
    assert b"Closed for a moment" in answers["watch"].body
    assert all(answers[name].sentence for name in ("state", "playlist", "piece", "poll", "put"))
    assert answers["playlist"].headers["Retry-After"] == "2"
    works(line, 30)
    assert all(answer.status < HTTPStatus.INTERNAL_SERVER_ERROR for answer in line.addresses().values())


def test_while_no_connection_is_free(line: Line, portal_db: Clone) -> None:
    """Somebody holds what every request must read, so that two requests take the two connections and wait."""
    works(line, 20)
    state = f"/console/incidents/{line.seen.incident.pk}/live/watch/state/"
    answers: list[Answer] = []

    asking = [threading.Thread(target=lambda: answers.append(line.get(state))) for _number in range(8)]
    with portal_db.connect() as held:
        held.autocommit = False
        held.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        for each in asking:
            each.start()
        time.sleep(7)
        refused = [answer for answer in answers if closed(answer)]
        assert len(refused) == len(answers) >= 6
        assert all(answer.sentence for answer in refused)
        held.rollback()
    for each in asking:
        each.join()
    assert HTTPStatus.OK in {answer.status for answer in answers}
    works(line, 30)


def test_while_the_live_valkey_is_away(line: Line, own_live: valkey.Valkey) -> None:
    works(line, 20)
    valkey.stop(own_live)
    answers = line.addresses()
    assert {name for name, answer in answers.items() if closed(answer)} == {"playlist", "piece", "put"}
    assert {name for name, answer in answers.items() if answer.status == HTTPStatus.OK} == {
        "offers",
        "watch",
        "state",
        "poll",
    }
    assert "does not answer" in answers["playlist"].sentence
    valkey.start(own_live)
    works(line, 30)
