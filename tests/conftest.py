"""Servers, databases and sockets of every test. People and rows: people.py, factories.py."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages as stored
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from fusus_portal.demo.servers import servers
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.geo import counties
from integration.live.video.connection import live
from shop.payments.gateway import client
from tests.database import template
from tests.database.clone import Clone
from tests.sockets import only_this_machine
from tests.storages import point_storages_at

pytest_plugins = [
    "tests.people",
    "tests.factories",
    "tests.worlds",
    "tests.sealed_log",
    "tests.audit.ledger.outsider",
    "tests.peers.queue",
    "tests.peers.live",
    "tests.peers.web",
    "tests.peers.payments",
    "tests.peers.portal",
    "tests.peers.openid",
    "tests.peers.texts",
    "tests.peers.golang",
]

CHECKOUT = Path(__file__).resolve().parents[1]
RUN = pytest.StashKey[servers.Servers]()


hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")
"""The same examples each time, however slow the machine is. A long test that draws new ones says so itself."""


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers; a worker of xdist joins those of its controller."""
    started = servers.start_for_tests(CHECKOUT)
    config.stash[RUN] = started
    if not hasattr(config, "workerinput"):
        template.drop_leftovers(database_server(config), rebuild=config.getoption("create_db"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers when this was the last process that uses them."""
    started = config.stash.get(RUN, None)
    if started is not None:
        started.leave()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among the tests, neither while they are collected nor later: all stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell an xdist worker which run it belongs to."""
    node.workerinput["portal_run"] = os.getpid()  # type: ignore[attr-defined]


def database_server(config: pytest.Config) -> Postgres:
    """Return the running PostgreSQL."""
    server = config.stash[RUN].postgres
    assert server is not None
    return server


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Clone]:
    """Give this worker its clone. Tests sign in as portal_app and never truncate."""
    worker: dict[str, object] = getattr(request.config, "workerinput", {})
    run, name = worker.get("portal_run", os.getpid()), worker.get("workerid", "main")
    with django_db_blocker.unblock():
        clone = Clone(database_server(request.config), f"{template.CLONE}{run}_{name}")
    patched = pytest.MonkeyPatch()
    patched.setattr(TransactionTestCase, "_fixture_teardown", lambda self: clone.reset())
    patched.setattr(TransactionTestCase, "_reset_sequences", lambda *arguments: clone.reset())
    yield clone
    patched.undo()
    with django_db_blocker.unblock():
        clone.remove()


@pytest.fixture
def portal_db(transactional_db: None, django_db_setup: Clone) -> Clone:
    """Return this worker's database for tests that sign in as several roles and commit."""
    return django_db_setup


@pytest.fixture(scope="session", autouse=True)
def uploads_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Point every storage at a directory of this run."""
    root = tmp_path_factory.mktemp("uploads")
    point_storages_at(root)
    return root


@pytest.fixture(scope="session", autouse=True)
def this_machine_only() -> Iterator[None]:
    """Refuse connections to other hosts."""
    with only_this_machine():
        yield


@pytest.fixture(autouse=True)
def english() -> None:
    """Speak English in each test, whatever a page of the one before spoke."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def payment_service() -> None:
    """Start each test with Stripe as the payment service, whichever the one before used."""
    client.use(client.make)


@pytest.fixture(autouse=True)
def boundaries() -> None:
    """Start each test with the counties as they come with the portal."""
    stored[counties.ALIAS].delete(counties.LOADED)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Start each test with an empty cache: limits count from zero, and nothing is decided for live views."""
    cache.clear()
    live().flushdb()
