"""Pages and devices of a relay in tests."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import redis

from fusus_portal.demo.servers.valkey import Valkey
from integration.live import passes
from integration.live.models import ViewGrant
from integration.live.passes import Pass
from tests.integration.live.streaming import HERE, stream_of
from tests.peers.relay import OPEN, Page, Relay, sending, until


@contextmanager
def offered(relay: Relay, queue: Valkey) -> Iterator[None]:
    """Let a test have a relay that others had before it, and its queue.

    Afterwards nobody watches, since the database is replaced; it has said nothing of an error.
    """
    yield
    for page in OPEN:
        page.close()
    OPEN.clear()
    until(relay.is_idle)
    assert "Traceback" not in relay.log.read_text(encoding="utf-8", errors="replace")
    with redis.Redis.from_url(queue.url) as client:
        client.flushall()


def shown(grant: ViewGrant, *, network: str = HERE, session: str = "", deputy: UUID | None = None) -> str:
    """Return what the page of a view shows. network, session, deputy: of somebody else."""
    return Pass(deputy or grant.deputy_id, network, session or bytes(grant.session).hex(), "en").signed()


def page_of(relay: Relay, *grants: ViewGrant) -> Page:
    """Return the page that watches these views."""
    return Page(relay.url, shown(grants[0]), [grant.pk for grant in grants]).open()


def device(relay: Relay, grant: ViewGrant) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Let plain ffmpeg be the device of a view: twenty pictures a second, which come sooner than ten."""
    return sending(relay.devices, stream_of(grant).pk, token_of(grant), rate=20)


def token_of(grant: ViewGrant) -> str:
    """Return what the device of a view shows."""
    return passes.stream_token(stream_of(grant).pk)


def put(relay: Relay, stream: UUID, token: str, parts: Iterable[bytes]) -> tuple[int, Any]:
    """Send parts as one chunked body; return status and problem of the answer, which may come in between."""
    with closing(HTTPConnection("localhost", urlsplit(relay.devices).port or 0, timeout=30)) as line:
        line.putrequest("PUT", f"/core/v1/streams/{stream}/live.mp4")
        line.putheader("Authorization", f"Bearer {token}")
        line.putheader("Transfer-Encoding", "chunked")
        line.endheaders()
        try:
            for part in parts:
                line.send(b"%x\r\n%s\r\n" % (len(part), part))
            line.send(b"0\r\n\r\n")
        except OSError:
            pass  # it has answered already
        answer = line.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if body else {}


def watch(relay: Relay, body: bytes | str, **headers: str) -> tuple[int, dict[str, str]]:
    """Ask to watch; return status and headers of the answer, and go."""
    with closing(HTTPConnection("localhost", urlsplit(relay.url).port or 0, timeout=30)) as line:
        line.request("POST", "/watch", body=body, headers={"Content-Type": "text/plain", **headers})
        answer = line.getresponse()
        return answer.status, dict(answer.headers)


def slowly(body: bytes, *, parts: int = 40) -> Iterator[bytes]:
    """Yield a body in parts."""
    step = max(1, len(body) // parts)
    for at in range(0, len(body), step):
        yield body[at : at + step]
