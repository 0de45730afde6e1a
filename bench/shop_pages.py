"""What pages of the shop take: processor time of a request, of web and database, with few products and with many.

With OSCAR_PYTHON, the Python of an environment that has django-oscar, its shop is measured beside ours in the same run:
same server, same gunicorn, as many products, the same three requests in turn (docs/performance.md).
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from django.conf import settings
from redis import Redis

from bench.portal import fresh, serving
from bench.processor import Spent, seconds
from bench.shop_goods import fill
from bench.shop_oscar import oscar
from bench.shop_visits import Goods, Shop, add, look, queries
from bench.timing import table
from fusus_portal.demo.servers.postgres import Postgres
from tests.database.clone import Clone

OURS = "ours"
SIZES = (10, 100, 1_000)
ROUNDS, TIMES, THINGS = 4, 30, 3
"""Each request is made TIMES times in a round, of which the first is not counted; a visitor puts in so many things."""

LIST, PRODUCT, ADD = "catalogue list", "product", "add to cart"
BARS = {LIST: (30.0, 10), PRODUCT: (13.0, 8), ADD: (16.0, 12)}
"""Milliseconds of processor, web and database together, and queries."""

FLAT = 1.25
"""So many times as long a request may take with the most products as with so many as fill a page of the list."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request takes, in milliseconds. queries: without those that only frame a transaction."""

    shop: str
    products: int
    request: str
    queries: int
    web: float
    database: float

    @property
    def both(self) -> float:
        """Web and database together."""
        return self.web + self.database

    @property
    def is_within_bar(self) -> bool:
        """Whether it takes no more than it may."""
        most, most_queries = BARS[self.request]
        return self.both <= most and self.queries <= most_queries


def main(server: Postgres) -> bool:
    """Return whether ours stays within the bars, and is flat in the number of products."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        shops = [stack.enter_context(ours(server, stack.enter_context(fresh(server)), folder))]
        if python := os.environ.get("OSCAR_PYTHON"):
            shops.append(stack.enter_context(oscar(server, python, folder)))
        costs = [cost for size in SIZES for cost in measure(shops, size)]
    headings = ["shop", "products", "request", "queries", "web ms", "database ms", "both ms"]
    rows = [(one.shop, f"{one.products:,}", one.request, one.queries, one.web, one.database, one.both) for one in costs]
    table(f"Requests of visitors, {(ROUNDS - 1) * TIMES} each, gunicorn with 2 processes", headings, rows)
    own = [one for one in costs if one.shop == OURS]
    return all(one.is_within_bar for one in own) and is_flat(own)


def is_flat(own: list[Cost]) -> bool:
    """Tell whether no request takes longer with the most products."""
    took = {(one.request, one.products): one.both for one in own}
    return all(took[name, SIZES[-1]] <= FLAT * took[name, SIZES[1]] for name in BARS)


@contextmanager
def ours(server: Postgres, portal: Clone, folder: Path) -> Iterator[Shop]:
    """Run the portal. What counts its limits counts as database."""
    valkey = psutil.Process(Redis.from_url(settings.REDIS_URL).info("server")["process_id"])
    with serving(portal, folder) as web:
        yield Shop(OURS, server, portal.name, web, fill, also=lambda: seconds(valkey))


def measure(shops: list[Shop], size: int) -> list[Cost]:
    """Let each shop sell so many products, make each request in each shop in turn, and return what they take."""
    filled = [(shop, shop.fill(size)) for shop in shops]
    for shop, _goods in filled:
        with shop.server.connect(database=shop.database) as superuser:
            superuser.execute("ANALYZE")
    sums: dict[tuple[str, str], Spent] = defaultdict(Spent)
    for number in range(ROUNDS):
        for request in BARS:
            for shop, goods in filled:
                spent = take(shop, goods, request)
                if number:
                    sums[shop.name, request] += spent
    each = 1000 / ((ROUNDS - 1) * TIMES)
    counted = {shop.name: dict(zip(BARS, queries(shop, goods), strict=True)) for shop, goods in filled}
    return [
        Cost(name, size, request, counted[name][request], spent.web * each, spent.database * each)
        for (name, request), spent in sums.items()
    ]


def take(shop: Shop, goods: Goods, request: str) -> Spent:
    """Make a request many times."""
    if request == ADD:
        return add(shop, goods, TIMES, each=THINGS)
    return look(shop, [goods.shelf] if request == LIST else goods.pages[:1], TIMES)
