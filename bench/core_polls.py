"""What a poll costs the web processes: 1,000 COREs that ask every 15 seconds must leave most of a core to people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import F
from django.utils import timezone

from bench.portal import fresh, serving
from bench.processor import web_seconds
from bench.timing import table
from fusus_portal.demo.servers.postgres import Postgres
from integration.cores import signatures
from integration.cores.models import Core, CoreToken
from integration.cores.services.tokens import digest_of
from integration.cores.signatures import Signed
from integration.cores.states import CoreState
from integration.rules import POLL_IDLE_SECONDS, TOKEN_LONGEST
from tests.integration.cores.devices import active, public_key
from tests.peers.web import WebServer

CORES, ROUNDS, AT_ONCE = 1_000, 3, 4
MOST_OF_A_CORE = 0.25
PATH = "/core/v1/poll"
KEY = Ed25519PrivateKey.generate()


def main(server: Postgres) -> bool:
    """Return whether it stays below a quarter of a core."""
    with fresh(server) as portal, TemporaryDirectory() as folder:
        tokens = many_cores()
        with serving(portal, Path(folder)) as web:
            poll_all(web, tokens[:100])
            costs = [round_of(web, tokens) for _ in range(ROUNDS)]
    per_poll = sum(costs) / (CORES * ROUNDS)
    share = per_poll * CORES / POLL_IDLE_SECONDS
    rows = [(f"{CORES * ROUNDS:,}", per_poll * 1000, f"{share:.0%}")]
    table(
        f"Polls of {CORES:,} COREs, gunicorn with 2 processes",
        ["polls", "ms of processor each", f"of a core, at one in {POLL_IDLE_SECONDS} s"],
        rows,
    )
    return share < MOST_OF_A_CORE


def many_cores() -> list[str]:
    """Make active COREs with one key, each heard of a while ago; return their tokens."""
    first, now = active().core, timezone.now()
    first.refresh_from_db()
    cores = [
        Core(
            serial=f"POLL-{number:05}",
            model=first.model,
            state=CoreState.ACTIVE,
            registrant=first.registrant,
            premises=first.premises,
            key=public_key(KEY),
            activated_at=now,
            seen_at=now - timedelta(seconds=number % POLL_IDLE_SECONDS),
        )
        for number in range(CORES)
    ]
    Core.objects.bulk_create(cores)
    tokens = [f"core_{core.pk.hex}{core.pk.hex[:11]}" for core in cores]
    CoreToken.objects.bulk_create(
        CoreToken(digest=digest_of(token), core=core, issued_at=now, ends_at=now + TOKEN_LONGEST)
        for token, core in zip(tokens, cores, strict=True)
    )
    return tokens


def round_of(web: WebServer, tokens: list[str]) -> float:
    """Let a quarter of a minute pass for all, let each poll once; return the seconds of processor that it took."""
    Core.objects.update(seen_at=F("seen_at") - timedelta(seconds=POLL_IDLE_SECONDS))
    before = web_seconds(web.pid)
    poll_all(web, tokens)
    return web_seconds(web.pid) - before


def poll_all(web: WebServer, tokens: list[str]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = list(threads.map(lambda token: poll(web.port, token), tokens))
    assert set(statuses) == {200}, set(statuses)


def poll(port: int, token: str) -> int:
    """Poll as a CORE does, with a connection of its own."""
    body = b"{}"
    signature = signatures.sign(KEY, Signed("POST", PATH, body), at=timezone.now())
    headers = {
        "Authorization": f"Bearer {token}",
        signatures.HEADER: signature,
        "Content-Type": "application/json",
    }
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("POST", PATH, body=body, headers=headers)
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()
