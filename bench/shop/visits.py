"""Visitors of a shop without an account, and what serving them takes. The same for every shop."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from urllib.parse import urlencode, urlsplit

from bench.processor import Spent, database_seconds, web_seconds
from bench.requests import send
from fusus_portal.demo.servers.postgres import Postgres
from tests.peers.web import WebServer

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
FRAMES = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE SAVEPOINT)\b|(SELECT 1)?;?\s*$")
"""Statements that frame a transaction, or find out whether a connection of a pool still lives."""
STATEMENT = re.compile(r"^(?P<database>\w+)\|LOG:  (?:statement|execute [^:]+): (?P<sql>.*)$", re.MULTILINE)
REDIRECTS = (302, 303)
_numbers = count()


@dataclass(frozen=True, slots=True)
class Goods:
    """Products on sale. shelf: address of the list. pages, adds: of each product, its address and that of adding it."""

    shelf: str
    pages: Sequence[str]
    adds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that runs. fill: lets it sell so many products. also: further processes that serve it."""

    name: str
    server: Postgres
    database: str
    web: WebServer
    fill: Callable[[int], Goods]
    also: Callable[[], float] = lambda: 0.0

    def spent(self) -> Spent:
        """Return the processor time that the shop's processes took so far."""
        with self.server.connect() as superuser:
            database = database_seconds(superuser, self.database)
        return Spent(web_seconds(self.web.pid), database + self.also())

    def taken_by(self, act: Callable[[], object]) -> Spent:
        """Return the processor time that an act takes."""
        before = self.spent()
        act()
        return self.spent() - before

    def queries_of(self, act: Callable[[], object]) -> int:
        """Return how many statements an act sends to the database, without those that frame a transaction."""
        with self.server.connect() as superuser:
            for setting in ("log_statement = 'all'", "log_line_prefix = '%d|'"):
                superuser.execute(f"ALTER SYSTEM SET {setting}")
            superuser.execute("SELECT pg_reload_conf(), pg_sleep(0.3)")
            begins = self.server.log.stat().st_size
            act()
            superuser.execute("ALTER SYSTEM RESET ALL")
            superuser.execute("SELECT pg_reload_conf(), pg_sleep(0.3)")
        written = self.server.log.read_bytes()[begins:].decode(errors="replace")
        own = [found["sql"] for found in STATEMENT.finditer(written) if found["database"] == self.database]
        return sum(not FRAMES.match(sql) for sql in own)


@dataclass
class Visitor:
    """A browser without an account, at an address of its own, since limits count by that."""

    port: int
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    address: str = field(default_factory=lambda: f"127.0.1.{next(_numbers) % 250 + 1}")
    token: str = ""

    def get(self, path: str) -> None:
        """Look at a page."""
        status, body, _place = self._ask("GET", path)
        assert status == 200, f"{path}: {status}"
        if found := TOKEN.search(body):
            self.token = found[1]

    def post(self, path: str, **fields: int | str) -> None:
        """Send a form, and follow where it leads."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token})
        status, _body, place = self._ask("POST", path, body)
        assert status in REDIRECTS, f"{path}: {status}"
        self.get(urlsplit(place).path)

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        cookies = "; ".join(f"{each.key}={each.value}" for each in self.cookies.values())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
        status, answered, content = send(
            self.port, method, path, body=body or None, headers=headers, source=self.address
        )
        for header in answered.get_all("Set-Cookie", []):
            self.cookies.load(header)
        return status, content.decode(), answered.get("Location", "")


def look(shop: Shop, pages: Sequence[str], times: int) -> Spent:
    """Let one visitor look so many times, and return what that takes."""
    visitor = Visitor(shop.web.port)
    visitor.get(pages[0])

    def looks() -> None:
        for number in range(times):
            visitor.get(pages[number % len(pages)])

    return shop.taken_by(looks)


def add(shop: Shop, goods: Goods, times: int, *, each: int) -> Spent:
    """Let visitors who have looked at a product put things into their carts, and return what the latter takes.

    each: how many different things one visitor puts in. The cart is shown after each of them.
    """
    visitors = [Visitor(shop.web.port) for _number in range(times // each)]
    for visitor in visitors:
        visitor.get(goods.pages[0])

    def adds() -> None:
        for visitor in visitors:
            for path in goods.adds[:each]:
                visitor.post(path, quantity=1)

    return shop.taken_by(adds)


def queries(shop: Shop, goods: Goods) -> tuple[int, int, int]:
    """Return how many queries the list, a product, and putting it into a cart with its page take."""
    visitor = Visitor(shop.web.port)
    visitor.get(goods.pages[0])
    visitor.post(goods.adds[0], quantity=1)
    return (
        shop.queries_of(lambda: visitor.get(goods.shelf)),
        shop.queries_of(lambda: visitor.get(goods.pages[1])),
        shop.queries_of(lambda: visitor.post(goods.adds[1], quantity=1)),
    )
