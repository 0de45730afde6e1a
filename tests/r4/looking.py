"""One answer in a form that can be compared: status, text, headers, queries, messages to the agency."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import override

from fusus_portal.ground.access.requests import ATTRIBUTE
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.notifications.models import Message
from integration.live.video.connection import live
from tests.r4.world import BEGINNING, undone
from tests.times import TIME_OF_DAY

NEVER_THE_SAME = ("Set-Cookie", "Date", "Content-Length")
"""A length is the text's, in which a time of the log may be a digit longer."""

ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[A-Z]-[0-9A-HJKMNP-TV-Z]{8}\b")
CURSOR = re.compile(r"before=[\w=%-]+")
with override("es"):
    SPANISH = rf"\d+ de (?!{MONTHS[BEGINNING.month]})[a-z]+(?: de \d{{4}})?"
ENGLISH = rf"(?!{BEGINNING:%b})[A-Z][a-z]{{2,8}}\.? \d+(?:, \d{{4}})?"
"""Days of the log's own clock, as pages write them."""

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
PASS = re.compile(r'"Wy[\w-]+:[\w-]+:[\w-]+"')
"""The value that a page of live views shows to a relay: signed, with the viewer and the time."""

Letter = tuple[str, str, str]


@dataclass(frozen=True)
class Visit:
    """Something that a person does: opens an address, or sends it a form. name: of the address."""

    name: str
    method: str
    path: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, view: str, *, instead_of: str) -> "Visit":
        """Return the same about another live view."""
        return replace(self, path=self.path.replace(instead_of, view)) if instead_of else self


@dataclass(frozen=True)
class Seen:
    """Everything that one answer showed. letters: messages to people of the agency by then, the act's own among them.

    body: the text as it came, took: in how many seconds; neither is compared here.
    """

    status: int
    text: str
    headers: tuple[tuple[str, str], ...]
    queries: tuple[str, ...]
    letters: tuple[Letter, ...]
    body: str = field(compare=False, repr=False)
    took: float = field(compare=False, repr=False)


@dataclass
class Viewer:
    """Somebody of the agency who looks and acts.

    known: names of what there was before the stories part. view: the live view that the deputy has running since.
    """

    browser: Client
    known: frozenset[str]
    view: str = ""

    def does(self, visit: Visit) -> Seen:
        """Open an address or send it a form."""
        queries: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
            queries.append(sql)
            return execute(sql, *arguments)

        with connection.execute_wrapper(note):
            begun = time.perf_counter()
            answer: Any = getattr(self.browser, visit.method)(visit.path, dict(visit.fields))
            body = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
            took = time.perf_counter() - begun
        headers = sorted((name, value) for name, value in answer.headers.items() if name not in NEVER_THE_SAME)
        is_even = hasattr(answer.resolver_match.func, ATTRIBUTE) and visit.method == "post"
        return Seen(
            answer.status_code,
            self.plain(body),
            tuple((name, self.plain(value)) for name, value in headers),
            () if is_even and answer.status_code == HTTPStatus.FOUND else tuple(map(shape_of, queries)),
            self.letters(),
            body,
            took,
        )

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Undo whatever is done inside, in the browser and in both memories too."""
        cookies = dict(self.browser.cookies)
        cache.clear()
        live().flushdb()
        with undone():
            yield
        self.browser.cookies = SimpleCookie(cookies)

    def letters(self) -> tuple[Letter, ...]:
        """Return what is written to people of the agency."""
        agency = list(User.objects.filter(role__in=AGENCY_ROLES).values_list("email", flat=True))
        written = Message.objects.filter(to__in=agency).values_list("kind", "to", "context")
        return tuple(sorted((kind, to, self.plain(str(context))) for kind, to, context in written))

    def plain(self, text: str) -> str:
        """Return a text without what differs by chance: tokens, names of new things, and the database's own clock.

        The log's times are the database's, those of everything else belong to the frozen days of another month.
        """
        text = PASS.sub('"(pass)"', TOKEN.sub("", CURSOR.sub("before=(cursor)", text)))
        new: dict[str, str] = {}
        text = ID.sub(lambda found: self._named(found[0], new), text)
        text = re.sub(rf'"(?!{BEGINNING:%Y-%m})\d{{4}}-\d\d-\d\dT[^"]*"', '"(log)"', text)
        assert timezone.localtime(datetime.now(tz=UTC)).month == BEGINNING.month
        return re.sub(rf"(?:{ENGLISH}|{SPANISH}), {TIME_OF_DAY}", "(log)", text)

    def _named(self, name: str, new: dict[str, str]) -> str:
        return name if name in self.known else new.setdefault(name, f"(new {len(new) + 1})")


def shape_of(sql: str) -> str:
    """Return a query without what differs by chance."""
    return re.sub(r'"s\d+_x\d+"', "savepoint", sql)
