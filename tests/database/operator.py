"""Writing as the owner of the tables does, inside a test's transaction: what the application may not do alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(accounts_|mfa_)')


@contextmanager
def as_operator() -> Iterator[None]:
    """Let statements that change accounts and their factors be the owner's. Every other one stays the application's.

    A test's own changes are not committed, so that the operator's own sign-in would not see them. The function that
    this calls is in the databases of tests and in no other (template.py).
    """
    with connection.execute_wrapper(_write):
        yield


def _write(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not WRITES.match(sql):
        return execute(sql, params, many, context)
    statement = context["cursor"].cursor.mogrify(sql, params)
    return execute("SELECT operator.writes(%s)", [statement], many, context)
