"""Servers and databases to measure on: PostgreSQL with its own defaults, which keep what was committed."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.settings import PLACE
from fusus_portal.demo.servers import postgres, servers, valkey
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.settings.base import BASE_DIR
from tests.database import template
from tests.database.clone import Clone
from tests.peers.relay import Relay, running_relay
from tests.peers.web import WebServer, environment
from tests.storages import point_storages_at


@contextmanager
def running() -> Iterator[Postgres]:
    """Start PostgreSQL and Valkey below /var/tmp, and give storages a place; at the end stop them and remove it all."""
    database = postgres.postgres(PLACE, checkout=BASE_DIR, settings=postgres.DURABLE)
    started = servers.start(PLACE.base, database, valkey.valkey(PLACE, kept=False), valkey.live(PLACE))
    try:
        with TemporaryDirectory() as uploads:
            point_storages_at(Path(uploads))
            yield database
    finally:
        started.leave()
        if postgres.running(database) is None:
            shutil.rmtree(PLACE.base)


@contextmanager
def fresh(server: Postgres) -> Iterator[Clone]:
    """Offer a new database of the portal; Django is signed in to it as `portal_app`."""
    clone = Clone(server, f"{template.CLONE}{os.getpid()}_bench")
    try:
        yield clone
    finally:
        clone.remove()


def serving(portal: Clone, **variables: str) -> AbstractContextManager[WebServer]:
    """Run gunicorn with two processes on a database. variables: others of its environment."""
    queue = valkey.valkey(PLACE, kept=False)
    return _started(lambda folder: WebServer({**environment(portal, queue, folder), **variables}, folder / "web.log"))


def serving_bare(portal: Clone) -> AbstractContextManager[WebServer]:
    """Run another gunicorn with two processes on the same database, with bare pages (`bench/peers/bare`)."""
    told = {"BENCH_SETTINGS": "bench.peers.bare.settings", "DATABASE_URL": portal.address("portal_app")}
    return _started(lambda folder: WebServer(told, folder / "web.log", application="bench.peers.bare.wsgi"))


@contextmanager
def relaying(
    portal: Clone, *, address: str = "", site: str = "http://localhost:8000", lines: int = 256
) -> Iterator[Relay]:
    """Run a relay on a database. address: its own, "" for any. site: whose pages may read it. lines: of one network."""
    with TemporaryDirectory() as name:
        told = {**environment(portal, valkey.valkey(PLACE, kept=False), Path(name)), "SITE_URL": site}
        told["WEB_CONNECTIONS"] = f"{lines}"
        with running_relay(told, Path(name), addresses=[address] if address else []) as relay:
            yield relay


@contextmanager
def _started(made: Callable[[Path], WebServer]) -> Iterator[WebServer]:
    with TemporaryDirectory() as folder:
        web = made(Path(folder))
        try:
            web.start()
            yield web
        finally:
            web.close()
