"""Pages of the shop, beside a bare page and django-oscar."""

import os
import statistics
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from django.conf import settings
from redis import Redis

from bench.page import Found, Limit, Section, Table
from bench.peers.bare import pages as bare
from bench.portal import fresh, serving, serving_bare
from bench.processor import Spent, seconds
from bench.shop.goods import fill
from bench.shop.oscar import oscar
from bench.shop.visits import Goods, Shop, add, look, queries
from fusus_portal.demo.servers.postgres import Postgres
from tests.database.clone import Clone

OURS, OSCAR, BARE = "ours", "django-oscar", "bare Django"
SIZES = (100, 1_000)
ROUNDS, TIMES, THINGS = 3, 30, 3
"""Each request is made TIMES times in a round, the first round uncounted; a visitor adds THINGS products."""

LIST, PRODUCT, ADD, PAGE = "catalogue list", "product", "add to cart", "a bare page"
OF_OSCAR = Limit(
    "A visitor should wait no longer than in the shop that is usual in Django.", most=1, needs="`OSCAR_PYTHON`"
)
QUERIES_WHY = "The queries are those of today: one more is a change that somebody should have wanted."
BARE_WHY = """One tree measured 3.5, 1.9 and 3.4 on one machine, 4.8, 2.7 and 5 on another, where the bare page
is faster; a third more breaks the limits."""
FLAT = Limit("With 1,000 products a page shows no more than with 100, and should take hardly longer.", most=1.4)
LIMITS = {LIST: (6, 6.4), PRODUCT: (7, 3.6), ADD: (13, 6.6)}
"""Limits by request: the most queries, and the most bare pages that it may take."""

SECTION = Section(
    "The shop",
    f"""A visitor without an account looks at the list of products and at one of them, and puts things into the
    cart, where the cart is shown after each. Against gunicorn with 2 processes, {(ROUNDS - 1) * TIMES} requests
    each, in turn: processor time of the web processes, and of the database's with Valkey's. Of ten products one is
    a CORE, the others are accessories and services; each has a price, a discount, a picture and stock. The list
    shows 20 a page. Queries that only frame a transaction, or ask whether a connection of a pool still lives, are
    not counted. django-oscar is measured where `OSCAR_PYTHON` names an environment that has it, set up as its
    sandbox, and tuned (docs/decisions/shop/shop-pages.md).""",
    {
        f"{request}, {what}": limit
        for request, (queries_most, bare_most) in LIMITS.items()
        for what, limit in {
            "queries": Limit(QUERIES_WHY, most=queries_most),
            "of a bare page": Limit(BARE_WHY, most=bare_most),
            "many products, of few": FLAT,
            "of django-oscar": OF_OSCAR,
        }.items()
    },
)


Costs = dict[tuple[str, int, str], tuple[int, float, float]]
"""By shop, number of products and request: queries, and the milliseconds of web and database."""


def main(server: Postgres) -> Found:
    """Measure requests to each shop in turn, and to bare pages."""
    with ExitStack() as stack:
        portal = stack.enter_context(fresh(server))
        shops = [stack.enter_context(ours(server, portal))]
        web = stack.enter_context(serving_bare(portal))
        if python := os.environ.get("OSCAR_PYTHON"):
            shops.append(stack.enter_context(oscar(server, python, Path(stack.enter_context(TemporaryDirectory())))))
        bare_shop = Shop(BARE, server, portal.name, web, lambda _size: Goods(bare.ADDRESS, [], []))
        costs = {key: cost for size in SIZES for key, cost in measure([*shops, bare_shop], size).items()}
    measured = {f"{request}, {what}": ratio for request in LIMITS for what, ratio in ratios(costs, request).items()}
    headings = ["shop", "products", "request", "queries", "web ms", "database ms", "both ms"]
    return Found([Table(headings, [(*key, *cost, both(costs, *key)) for key, cost in costs.items()])], measured)


def ratios(costs: Costs, request: str) -> dict[str, float]:
    """Return the measured values of a request, by bar."""
    few, many = (both(costs, OURS, size, request) / both(costs, BARE, size, PAGE) for size in SIZES)
    found: dict[str, float] = {
        "queries": max(costs[OURS, size, request][0] for size in SIZES),
        "of a bare page": statistics.mean((few, many)),
        "many products, of few": many / few,
    }
    if (OSCAR, SIZES[0], request) in costs:
        found["of django-oscar"] = max(
            both(costs, OURS, size, request) / both(costs, OSCAR, size, request) for size in SIZES
        )
    return found


def both(costs: Costs, shop: str, size: int, request: str) -> float:
    """Return the milliseconds of web and database together."""
    _queries, web, database = costs[shop, size, request]
    return web + database


@contextmanager
def ours(server: Postgres, portal: Clone) -> Iterator[Shop]:
    """Run the portal. Valkey, which counts its rate limits, is measured as part of the database."""
    valkey = psutil.Process(Redis.from_url(settings.REDIS_URL).info("server")["process_id"])
    with serving(portal) as web:
        yield Shop(OURS, server, portal.name, web, fill, also=lambda: seconds(valkey))


def measure(shops: list[Shop], size: int) -> Costs:
    """Let each shop sell so many products, make each request in each shop in turn, and return what they take."""
    filled = [(shop, shop.fill(size)) for shop in shops]
    for shop, _goods in filled:
        with shop.server.connect(database=shop.database) as superuser:
            superuser.execute("ANALYZE")
    sums: dict[tuple[str, str], Spent] = defaultdict(Spent)
    for number in range(ROUNDS):
        for request in (*LIMITS, PAGE):
            for shop, goods in filled:
                if (request == PAGE) is (shop.name == BARE):
                    spent = take(shop, goods, request)
                    sums[shop.name, request] += spent if number else Spent()
    each = 1000 / ((ROUNDS - 1) * TIMES)
    counted = {shop.name: dict(zip(LIMITS, queries(shop, goods), strict=True)) for shop, goods in filled if goods.adds}
    counted[BARE] = {PAGE: bare.QUESTIONS}
    return {
        (name, size, request): (counted[name][request], spent.web * each, spent.database * each)
        for (name, request), spent in sums.items()
    }


def take(shop: Shop, goods: Goods, request: str) -> Spent:
    """Make a request many times, and return the processor time that it takes."""
    if request == ADD:
        return add(shop, goods, TIMES, each=THINGS)
    return look(shop, goods.pages[:1] if request == PRODUCT else [goods.shelf], TIMES)
