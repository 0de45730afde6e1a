"""COREs that ask what to do: on the line, and by polls, beside bare requests."""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import count

from aiohttp import ClientSession, TCPConnector
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import F
from django.utils import timezone

from bench.page import Found, Limit, Section, Table
from bench.peers.bare import pages as bare
from bench.portal import fresh, relaying, serving, serving_bare
from bench.processor import database_seconds, seconds, taken
from bench.requests import send
from fusus_portal.demo.servers.postgres import Postgres
from integration.cores import signatures
from integration.cores.models import Core, CoreToken
from integration.cores.signatures import Signed, token_digest
from integration.cores.states import CoreState
from integration.relay.long_poll import EARLIEST
from integration.rules import ORDERS_HELD_SECONDS, POLL_SECONDS, TOKEN_LONGEST
from tests.database.clone import Clone
from tests.integration.cores.devices import active, public_key
from tests.peers.web import WebServer

CORES, ROUNDS, AT_ONCE = 1_000, 3, 4
PATH, BODY = "/core/v1/poll", b"{}"
LINE, MEASURED_SECONDS = "/core/v1/orders", 60.0
HELD_SECONDS = ORDERS_HELD_SECONDS * (1 + EARLIEST) / 2
KEY = Ed25519PrivateKey.generate()
OF_BARE = "a poll, of a bare request"
ON_LINE = "a call on the line with its database, of a bare request"
SECTION = Section(
    "COREs that ask what to do",
    f"""{CORES:,} active COREs to which nothing happens, each with a connection of its own for each call as the
    reference client has it. Their calls on the line wait at one relay: its processor time and the database's for it,
    while all of them call again as soon as they are answered, which is every {HELD_SECONDS:.1f} seconds on average.
    Their polls go to gunicorn with 2 processes: processor time of these alone. A bare request asks the database one
    question, by the same kind of connection, of bare Django under as many processes.""",
    {
        ON_LINE: Limit(
            """A county's COREs must leave the machine to its people: where a bare request takes half a millisecond,
            this lets a thousand take a fifth of a core.""",
            most=9.0,
        ),
        OF_BARE: Limit(
            "A poll also checks a token and a signature, and asks the limits; half as much again breaks the limit.",
            most=5.6,
        ),
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
        calls, relay, database = on_line(portal, tokens)
    poll, request = (sum(found) / (CORES * ROUNDS) for found in zip(*costs, strict=True))
    share = (relay + database) / calls * CORES / HELD_SECONDS
    return Found(
        [
            Table(
                ["request", "requests", "ms of processor each", "ms of the database's each"],
                [
                    ("a call on the line", calls, relay / calls * 1000, database / calls * 1000),
                    ("a poll", CORES * ROUNDS, poll * 1000, ""),
                    ("bare", CORES * ROUNDS, request * 1000, ""),
                ],
            ),
            f"""So {CORES:,} COREs on the line take {share:.0%} of a core here, without TLS, which is the proxy's. While
            no relay is alive each polls every {POLL_SECONDS} seconds, and so many take {
                poll * CORES / POLL_SECONDS:.0%}.""",
        ],
        {
            ON_LINE: (relay + database) / calls / request,
            OF_BARE: statistics.median(poll / request for poll, request in costs),
        },
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
        CoreToken(digest=token_digest(token), core=core, issued_at=now, ends_at=now + TOKEN_LONGEST)
        for token, core in zip(tokens, cores, strict=True)
    )
    return tokens


def on_line(portal: Clone, tokens: list[str]) -> tuple[int, float, float]:
    """Let every CORE call on the line for a minute, once each is held.

    Return how many calls were answered meanwhile, and the seconds of processor of the relay and of the database's
    processes that served it.
    """
    with relaying(portal, lines=2 * CORES) as relay, portal.connect() as superuser:

        def spent() -> tuple[float, float]:
            return sum(map(seconds, relay.processes)), database_seconds(superuser, portal.name)

        calls, before, after = asyncio.run(call_all(relay.devices, tokens, spent))
    return calls, after[0] - before[0], after[1] - before[1]


async def call_all(
    url: str, tokens: list[str], spent: Callable[[], tuple[float, float]]
) -> tuple[int, tuple[float, float], tuple[float, float]]:
    """Hold a call of each CORE, and measure for a minute; return the calls, and what was spent before and after."""
    answered, all_held = count(1), asyncio.Event()
    async with ClientSession(connector=TCPConnector(limit=0, force_close=True)) as line:

        async def call_on(token: str) -> None:
            seen = ""
            while True:
                body = b'{"seen": "%b"}' % seen.encode()
                async with line.post(f"{url}{LINE}", data=body, headers=signed(token, LINE, body)) as answer:
                    assert answer.status == 200, await answer.text()
                    seen = (await answer.json())["seen"]
                # Each was told its orders, and the first calls that were held ended.
                if next(answered) == len(tokens) + AT_ONCE:
                    all_held.set()

        cores = [asyncio.create_task(call_on(token)) for token in tokens]
        await all_held.wait()
        began, before = next(answered), spent()
        await asyncio.sleep(MEASURED_SECONDS)
        calls, after = next(answered) - began - 1, spent()
        assert not any(core.done() for core in cores)
        for core in cores:
            core.cancel()
    return calls, before, after


def round_of(web: WebServer, tokens: list[str]) -> float:
    """Let a quarter of a minute pass for all, let each poll once; return the seconds of processor that it took."""
    Core.objects.update(seen_at=F("seen_at") - timedelta(seconds=POLL_SECONDS))
    return taken(web, partial(poll_all, web, tokens))


def poll_all(web: WebServer, tokens: list[str]) -> None:
    all_at_once(web, PATH, [partial(signed, token, PATH, BODY) for token in tokens])


def ask_all(web: WebServer, count: int) -> None:
    all_at_once(web, bare.QUESTION, [dict] * count)


def all_at_once(web: WebServer, path: str, headers: Sequence[Callable[[], dict[str, str]]]) -> None:
    """Send requests, some at a time, each as a CORE with a connection of its own."""

    def ask(own: Callable[[], dict[str, str]]) -> int:
        return send(web.port, "POST", path, body=BODY, headers=own())[0]

    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = set(threads.map(ask, headers))
    assert statuses == {200}, statuses


def signed(token: str, path: str, body: bytes) -> dict[str, str]:
    """Return the headers of a call."""
    signature = signatures.sign(KEY, Signed("POST", path, body), at=timezone.now())
    return {"Content-Type": "application/json", "Authorization": f"Bearer {token}", signatures.HEADER: signature}
