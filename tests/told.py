"""One answer with all that it tells its reader, for tests that compare two of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection
from django.test import Client

from tests.r4.looking import TOKEN, shape_of


class Told(NamedTuple):
    """An answer. queries: without their values."""

    status: int
    location: str
    text: str
    queries: list[str]


def told(client: Client, method: str, path: str, fields: dict[str, str], *, apart: str) -> Told:
    """Ask, and return what that tells. apart: what was asked for, and is left out of the text."""
    queries: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        queries.append(shape_of(sql))
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        answer = getattr(client, method)(path, fields)
    text = TOKEN.sub("", answer.content.decode()).replace(apart, "")
    return Told(answer.status_code, answer.headers.get("Location", ""), text, queries)
