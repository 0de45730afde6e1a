"""A world that is made once for the tests of a module. Each test gets a copy, and is rolled back to it."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests.database.clone import Clone


def made_for_a_while(make: Callable[[], Any], django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """Give what a function makes, inside a transaction that ends with the fixture that calls this."""
    with django_db_blocker.unblock():
        whole = TestCase._enter_atomics()  # type: ignore[attr-defined]
    try:
        with django_db_blocker.unblock(), translation.override("en"):
            made = make()
        yield made
    finally:
        with django_db_blocker.unblock():
            TestCase._rollback_atomics(whole)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def made_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Any]:
    """Return what the module's `make_world` returns, inside a transaction that ends with the module.

    For modules all of whose tests roll back. The cache is emptied before each test, so a world is rows and files alone.
    """
    yield from made_for_a_while(request.module.make_world, django_db_blocker)


@pytest.fixture(scope="module")
def made_kept_world(
    request: pytest.FixtureRequest, django_db_setup: Clone, django_db_blocker: DjangoDbBlocker
) -> Iterator[Any]:
    """Return what the module's `make_kept_world` returns, committed. The database is a fresh one after the module.

    For what only another transaction may see, as tickets do. The module's tests roll back too.
    """
    with django_db_blocker.unblock(), translation.override("en"):
        made = request.module.make_kept_world()
    yield made
    with django_db_blocker.unblock():
        django_db_setup.reset()


@pytest.fixture
def kept_world(made_kept_world: Any, db: None) -> Any:
    """Return this test's copy of what the module committed."""
    return deepcopy(made_kept_world)


@pytest.fixture
def world(made_world: Any, db: None) -> Any:
    """Return this test's copy of the module's world."""
    return deepcopy(made_world)


@pytest.fixture
def as_committed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what follows a commit follow each outermost block of a test that rolls back, with the checks at its end."""
    leave, depth = transaction.Atomic.__exit__, len(connection.atomic_blocks)

    def end(block: transaction.Atomic, *failure: Any) -> None:
        if len(connection.atomic_blocks) == depth + 1 and failure[0] is None and not connection.needs_rollback:
            try:
                connection.check_constraints()
            except DatabaseError as error:
                leave(block, type(error), error, error.__traceback__)
                raise
        leave(block, *failure)
        if len(connection.atomic_blocks) == depth:
            waiting, connection.run_on_commit = connection.run_on_commit, []
            for each in waiting:
                each[1]()

    monkeypatch.setattr(transaction.Atomic, "__exit__", end)
