"""Each page and file of the console, opened and sent empty by people who may; and whom it names without an entry."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from itertools import product
from typing import Any

from django.db.models import Max
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from audit.log.models import AuditEntry
from audit.log.selectors import OWNER_EVENTS
from tests.access.addresses import MADE_UP, Address, addresses
from tests.access.urls import ROWS
from tests.browser.pages.everybody import Everybody
from tests.looks.planting import PLANTED, Owner
from tests.r4.world import undone

CONSOLE = "console/"
NOT_THEIRS = {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}
MOST_PAGES = 5
ASKED: dict[str, tuple[str, ...]] = {
    "core_allocate": ("reference",),
    "fulfilment_orders": ("q",),
    "cores": ("q",),
    "returns_board": ("q",),
    "claims_board": ("q",),
    "lookup": ("q",),
    "audit": ("q",),
}
"""Search fields by page: each takes the reference or the name of an owner."""


@dataclass
class Walk:
    """A walk through the console.

    most: so many things of each kind, the last that came; all for None. visited: the names of the addresses that
    answered with something. named: those whose answers named somebody. unseen: of them the ones that left no entry
    which that person reads, with the role and a word of theirs.
    """

    here: Everybody
    owners: list[Owner]
    roles: frozenset[str]
    most: int | None = None
    visited: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    unseen: dict[str, tuple[str, str]] = field(default_factory=dict)
    known: dict[tuple[Any, ...], Client] = field(default_factory=dict)

    def run(self) -> "Walk":
        """Open every address."""
        for address in console():
            for role in sorted(self.roles & ROWS[address.name].who):
                for chosen in self._choices(address):
                    self._open(address, role, chosen)
        return self

    def _choices(self, address: Address) -> list[tuple[Any, ...]]:
        """Return the things that an address may name, one after the other."""
        named = zip(address.words, address.values.values(), strict=True)
        found = [self.here.things.get(each) or [MADE_UP[each[1]]] for each in named]
        return list(product(*(each[-(self.most or 0) :] for each in found)))

    def _open(self, address: Address, role: str, chosen: tuple[Any, ...]) -> None:
        """Open a page as somebody who may, and send it empty; once a person may see a thing, ask them first."""
        path = reverse(address.name, args=chosen)
        browsers = self.here.browsers[role]
        first = self.known.get((role, *chosen), browsers[0])
        for browser in (first, *(each for each in browsers if each is not first)):
            status = self._visit(address, role, browser, "get", path)
            if status not in NOT_THEIRS:
                self.known[(role, *chosen)] = browser
                for query in queries(address, self.owners):
                    self._visit(address, role, browser, "get", f"{path}?{query}")
                self._visit(address, role, browser, "post", path)
                return

    def _visit(self, address: Address, role: str, browser: Client, method: str, path: str) -> int:
        with undone():
            before = AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0
            answer = getattr(browser, method)(path)
            text = text_of(answer)
            if answer.status_code == HTTPStatus.OK:
                self.visited.add(address.name)
            for owner in self.owners if PLANTED in text or "@" in text else ():
                if word := next((each for each in owner.words if each in text), ""):
                    self.named.add(address.name)
                    if not _is_told(owner, browser, before):
                        self.unseen[f"{method} {address.name}"] = (role, word)
            return int(answer.status_code)


def console() -> list[Address]:
    """Return the addresses of the console."""
    return [each for each in addresses() if each.route.startswith(CONSOLE)]


def queries(address: Address, owners: list[Owner]) -> Iterator[str]:
    """Yield what people may ask of a page that finds somebody."""
    for name in ASKED.get(address.name, ()):
        for owner in (owners[0], owners[1], owners[-1]):
            yield from (f"{name}={owner.reference}", f"{name}={PLANTED}")


def _is_told(owner: Owner, browser: Client, before: int) -> bool:
    viewer = browser.session["_auth_user_id"]
    entries = AuditEntry.objects.filter(id__gt=before, actor_id=viewer, event__in=OWNER_EVENTS)
    return entries.filter(camera_id__in=owner.counted).exists()


def text_of(answer: Any) -> str:
    """Return what an answer says: that of the first pages of a PDF too."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"%PDF"):
        try:
            return "\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages[:MOST_PAGES])
        except PyPdfError:
            return ""  # what people sent instead of a paper
    return str(body.decode(errors="replace"))
