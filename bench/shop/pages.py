"""What pages of the shop take: processor time of a request, of web and database, with few products and with many.

With OSCAR_PYTHON, the Python of an environment that has django-oscar, its shop is measured beside ours in the same run:
same server, same gunicorn, as many products, the same three requests in turn (docs/decisions/shop-pages.md).
"""

import os
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from django.conf import settings
from redis import Redis

from bench.page import Bar, Part, Table
from bench.peers.bare import pages as bare
from bench.portal import fresh, serving, serving_bare
from bench.processor import Spent, seconds
from bench.shop.goods import fill
from bench.shop.oscar import oscar
from bench.shop.visits import Goods, Shop, add, look, queries
from fusus_portal.demo.postgres import Postgres
from tests.database.clone import Clone

OURS, OSCAR, BARE = "ours", "django-oscar", "bare Django"
SIZES = (10, 100, 1_000)
ROUNDS, TIMES, THINGS = 4, 30, 3
"""Each request is made TIMES times in a round, of which the first is not counted; a visitor puts in so many things."""

LIST, PRODUCT, ADD, PAGE = "catalogue list", "product", "add to cart", "a bare page"
QUERIES = {LIST: 6, PRODUCT: 7, ADD: 13}
OF_BARE = {LIST: 3.1, PRODUCT: 2.1, ADD: 3.9}
OF_OSCAR, FLAT = 1.0, 1.4
QUERIES_WHY = "The queries are those of today: one more is a change that somebody should have wanted."
BARE_WHY = "Half as much time again as when the limits were set breaks them."
FLAT_WHY = "With 1,000 products a page shows as much as with 100, and should take hardly longer to find it."
OSCAR_WHY = "A visitor should wait no longer than in the shop that is usual in Django."
WITHOUT_PEER = "django-oscar was not measured in this run: `OSCAR_PYTHON` named no environment that has it."
WITH_PEER = "django-oscar is set up as its sandbox, and tuned."


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


Costs = dict[tuple[str, int, str], Cost]
"""By shop, number of products, and request."""


def main(server: Postgres) -> Part:
    """Measure requests to each shop in turn, and to bare pages."""
    with ExitStack() as stack:
        folder, portal = Path(stack.enter_context(TemporaryDirectory())), stack.enter_context(fresh(server))
        shops = [stack.enter_context(ours(server, portal, folder))]
        web = stack.enter_context(serving_bare(portal, folder))
        python = os.environ.get("OSCAR_PYTHON")
        if python:
            shops.append(stack.enter_context(oscar(server, python, folder)))
        bare_shop = Shop(BARE, server, portal.name, web, lambda _size: Goods(bare.ADDRESS, [], []))
        found = [cost for size in SIZES for cost in measure([*shops, bare_shop], size)]
    costs = {(one.shop, one.products, one.request): one for one in found}
    headings = ["shop", "products", "request", "queries", "web ms", "database ms", "both ms"]
    return Part(
        "The shop",
        [
            f"""A visitor without an account looks at the list of products and at one of them, and puts things into the
            cart, where the cart is shown after each. Against gunicorn with 2 processes, {(ROUNDS - 1) * TIMES} requests
            each, in turn: processor time of the web processes, and of the database's with Valkey's. Of ten products one
            is a CORE, the others are accessories and services; each has a price, a discount, a picture and stock. The
            list shows 20 a page. Queries that only frame a transaction, or ask whether a connection of a pool still
            lives, are not counted.""",
            Table(
                headings,
                [(one.shop, one.products, one.request, one.queries, one.web, one.database, one.both) for one in found],
            ),
            f"{WITH_PEER if python else WITHOUT_PEER} docs/decisions/shop-pages.md says how to measure both.",
        ],
        [*own_bars(costs), *(oscar_bars(costs) if python else [])],
    )


def own_bars(costs: Costs) -> Iterator[Bar]:
    """Yield the bars of our queries, of our times beside a bare page, and of how they grow with the products."""
    for request, most in QUERIES.items():
        queries = max(costs[OURS, size, request].queries for size in SIZES)
        yield Bar(f"{request}, queries", queries, QUERIES_WHY, most=most)
    for request, limit in OF_BARE.items():
        ratio = statistics.median(of_bare(costs, size, request) for size in SIZES)
        yield Bar(f"{request}, of a bare page", ratio, BARE_WHY, most=limit)
    _few, page, many = SIZES
    for request in QUERIES:
        grown = of_bare(costs, many, request) / of_bare(costs, page, request)
        yield Bar(f"{request}, {many:,} products, of {page}", grown, FLAT_WHY, most=FLAT)


def of_bare(costs: Costs, size: int, request: str) -> float:
    """Return how many bare pages, measured with as many products, a request of ours takes."""
    return costs[OURS, size, request].both / costs[BARE, size, PAGE].both


def oscar_bars(costs: Costs) -> Iterator[Bar]:
    """Yield the bars beside django-oscar."""
    for request in QUERIES:
        ratio = max(costs[OURS, size, request].both / costs[OSCAR, size, request].both for size in SIZES)
        yield Bar(f"{request}, of django-oscar", ratio, OSCAR_WHY, most=OF_OSCAR)


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
        for request in (*QUERIES, PAGE):
            for shop, goods in filled:
                if (request == PAGE) is (shop.name == BARE):
                    spent = take(shop, goods, request)
                    sums[shop.name, request] += spent if number else Spent()
    each = 1000 / ((ROUNDS - 1) * TIMES)
    counted = {shop.name: dict(zip(QUERIES, queries(shop, goods), strict=True)) for shop, goods in filled if goods.adds}
    counted[BARE] = {PAGE: bare.QUESTIONS}
    return [
        Cost(name, size, request, counted[name][request], spent.web * each, spent.database * each)
        for (name, request), spent in sums.items()
    ]


def take(shop: Shop, goods: Goods, request: str) -> Spent:
    """Make a request many times."""
    if request == ADD:
        return add(shop, goods, TIMES, each=THINGS)
    return look(shop, goods.pages[:1] if request == PRODUCT else [goods.shelf], TIMES)
