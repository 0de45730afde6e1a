"""A world that is made once for the tests of a module. Each test gets a copy, and is rolled back to it."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def made_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Any]:
    """Return what the module's `make_world` returns, inside a transaction that ends with the module.

    For modules all of whose tests roll back. The cache is emptied before each test, so a world is rows and files alone.
    """
    with django_db_blocker.unblock():
        whole = TestCase._enter_atomics()  # type: ignore[attr-defined]
        with translation.override("en"):
            made = request.module.make_world()
    yield made
    with django_db_blocker.unblock():
        TestCase._rollback_atomics(whole)  # type: ignore[attr-defined]


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
