"""Polls of COREs, beside bare requests."""

import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import F
from django.utils import timezone

from bench.page import Found, Limit, Section, Table
from bench.peers.bare import pages as bare
from bench.portal import fresh, serving, serving_bare
from bench.processor import taken
from bench.requests import send
from fusus_portal.demo.servers.postgres import Postgres
from integration.cores import signatures
from integration.cores.models import Core, CoreToken
from integration.cores.services.tokens import digest_of
from integration.cores.signatures import Signed
from integration.cores.states import CoreState
from integration.rules import POLL_SECONDS, TOKEN_LONGEST
from tests.integration.cores.devices import active, public_key
from tests.peers.web import WebServer

CORES, ROUNDS, AT_ONCE = 1_000, 3, 4
PATH, BODY = "/core/v1/poll", b"{}"
KEY = Ed25519PrivateKey.generate()
OF_BARE = "a poll, of a bare request"
SECTION = Section(
    "Polls of COREs",
    f"""{CORES:,} active COREs, each with a connection of its own for each poll as the reference client has it, against
    gunicorn with 2 processes: processor time of these. A bare request asks the database one question, by the same kind
    of connection, of bare Django under as many processes.""",
    {
        OF_BARE: Limit(
            "A poll also checks a token and a signature, and asks the limits; half as much again breaks the limit.",
            most=5.6,
        )
    },
)


def main(server: Postgres) -> Found:
    """Measure what a poll takes, and a bare request beside it."""
    with fresh(server) as portal:
        tokens = many_cores()
        with serving(portal) as web, serving_bare(portal) as beside:
            poll_all(web, tokens[:100])
            ask_all(beside, 100)
            costs = [(round_of(web, tokens), taken(beside, partial(ask_all, beside, CORES))) for _ in range(ROUNDS)]
    poll, request = (sum(found) / (CORES * ROUNDS) for found in zip(*costs, strict=True))
    return Found(
        [
            Table(
                ["request", "requests", "ms of processor each"],
                [("a poll", CORES * ROUNDS, poll * 1000), ("bare", CORES * ROUNDS, request * 1000)],
            ),
            f"""When each CORE polls every {POLL_SECONDS} seconds, so many take {
                poll * CORES / POLL_SECONDS:.0%} of a core here.""",
        ],
        {OF_BARE: statistics.median(poll / request for poll, request in costs)},
    )


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
            seen_at=now - timedelta(seconds=number % POLL_SECONDS),
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
    Core.objects.update(seen_at=F("seen_at") - timedelta(seconds=POLL_SECONDS))
    return taken(web, partial(poll_all, web, tokens))


def poll_all(web: WebServer, tokens: list[str]) -> None:
    all_at_once(web, PATH, [partial(signed, token) for token in tokens])


def ask_all(web: WebServer, count: int) -> None:
    all_at_once(web, bare.QUESTION, [dict] * count)


def all_at_once(web: WebServer, path: str, headers: Sequence[Callable[[], dict[str, str]]]) -> None:
    """Send requests, some at a time, each as a CORE with a connection of its own."""

    def ask(own: Callable[[], dict[str, str]]) -> int:
        return send(web.port, "POST", path, body=BODY, headers={"Content-Type": "application/json", **own()})[0]

    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = set(threads.map(ask, headers))
    assert statuses == {200}, statuses


def signed(token: str) -> dict[str, str]:
    """Return the headers of a poll."""
    signature = signatures.sign(KEY, Signed("POST", PATH, BODY), at=timezone.now())
    return {"Authorization": f"Bearer {token}", signatures.HEADER: signature}
