"""All that a person of the agency can open, send and do, and what comes of it; a new address is walked unnamed.

Every address that a role may open is opened with each object that it may name, and in every narrowing that a page
offers, by a link to itself or by a form. Each form that a page shows is filled in and sent; then the world goes on for
a while, and the pages that tell of it are read again. Each is undone before the next.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import time_machine
from django.urls import resolve, reverse
from django.utils import timezone

from integration.cores.models import DeviceCamera
from integration.live.models import ViewGrant
from tests.access.addresses import MADE_UP, Address, addresses
from tests.access.urls import ROWS
from tests.people import sign_in
from tests.r4.forms import Fields, forms_of, what
from tests.r4.looking import Seen, Viewer, Visit
from tests.r4.world import CRITICAL, World, go_on

CONSOLE = "console/"
FIELD = ("deputy", "supervisor")
ROLES = (*FIELD, "clerk", "administrator", "reviewer")
NOT_THAT_WAY = HTTPStatus.METHOD_NOT_ALLOWED
LATER = timedelta(minutes=5)
"""So long after an act the world has gone on: a CORE has called, a worker has been at work."""

NEW_EACH_TIME = frozenset(
    {"mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
)
"""Pages of one's own account with a secret or a challenge that is made anew; they know nothing of requests."""

TABS = ("incident", "incident_canvasses", "incident_log", "critical")
TELLING = ("console", *TABS, "incident_clips", "evidence_list", "incident_replies", "canvass")
"""Where people who work on an incident read what came of an act."""

ABOUT_REQUESTS = frozenset(
    {"canvass", "canvass_withdraw", "incident", "incident_close", "incident_clips", "clip_ask", "incident_live"}
)
"""Pages with the acts that reach an owner who was asked; those of all others are done in the long tests."""

NOTHING: frozenset[str] = frozenset()
"""Names of the addresses whose forms are sent in a walk that sends none."""

TO_ITSELF = re.compile(r'href="([^"?#]*)\?([^"#]+)"')
FORM = re.compile(r"<form(?![^>]*post)[^>]*>(.*?)</form>", re.DOTALL)
CHOICE = re.compile(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"')

Key = tuple[str, ...]


@dataclass
class Walk:
    """One walk of one role through a story.

    only: names of addresses, None for all. sent_from: names of the addresses whose forms are filled in and sent, None
    for all. empties: whether every address is sent an empty one, not only those that can't be opened. telling: what is
    read after an act. seen, visits: what was shown by what. accepted: the addresses of acts that were accepted.
    """

    world: World
    role: str
    only: frozenset[str] | None = None
    sent_from: frozenset[str] | None = None
    empties: bool = False
    telling: tuple[str, ...] = TELLING
    seen: dict[Key, Seen] = field(default_factory=dict)
    visits: dict[Key, Visit] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)

    def run(self) -> "Walk":
        """Walk it."""
        self.viewer = viewer_of(self.world, self.role)
        objects, sent = self.world.objects(), set[object]()
        for address in reachable(self.role, self.only):
            for path in paths_of(address, objects):
                for place in self._open(address, path):
                    for action, fields in self._offered(address, place, path, sent):
                        self._act(address, action, fields)
                if self.empties or self.seen[address.name, "get", self.viewer.plain(path)].status == NOT_THAT_WAY:
                    self._note(Visit(address.name, "post", path))
        return self

    def _open(self, address: Address, path: str) -> list[Seen]:
        """Open an address, and each narrowing that its page offers; return what they show."""
        first = self._note(Visit(address.name, "get", path))
        return [first, *(self._note(Visit(address.name, "get", f"{path}?{q}")) for q in queries_of(first.body, path))]

    def _note(self, visit: Visit) -> Seen:
        key = (visit.name, visit.method, self.viewer.plain(visit.path))
        with self.viewer.unchanged():
            seen = self.seen[key] = self.viewer.does(visit)
        self.visits[key] = visit
        return seen

    def _offered(self, address: Address, page: Seen, path: str, sent: set[object]) -> Iterator[tuple[str, Fields]]:
        """Yield what the forms of a page would send, each once in a walk."""
        if self.sent_from is not None and address.name not in self.sent_from:
            return
        for form in forms_of(page.body, path):
            for fields in form.sent():
                act = what(form.action, fields)
                if act not in sent and leads_to(form.action) not in NEW_EACH_TIME:
                    sent.add(act)
                    yield form.action, fields

    def _act(self, address: Address, action: str, fields: Fields) -> None:
        """Send a form, and the one after it that asks whether it is meant; read what came of it, and undo it all."""
        visit = visit_of(action, fields)
        key = (visit.name, "act", address.name, self.viewer.plain(str(what(action, fields))))
        self.visits[key] = visit
        with self.viewer.unchanged():
            answer = self.seen[key] = self.viewer.does(visit)
            if answer.status == HTTPStatus.OK:
                again = [each for each in forms_of(answer.body, action) if each.action == action]
                if again and again[0].fields != fields:
                    answer = self.seen[(*key, "meant")] = self.viewer.does(visit_of(action, again[0].fields))
            if answer.status == HTTPStatus.FOUND:
                self.accepted.add(visit.name)
                self._read_on(key)

    def _read_on(self, key: Key) -> None:
        """Let the world go on after an act, and read what came of it."""
        told = {"canvasses": [self.world.canvass.pk], "incidents": [self.world.incident.pk]}
        with time_machine.travel(timezone.now() + LATER, tick=False):
            go_on()
            for name in self.telling if self.role in FIELD else ("console",):
                for path in paths_of(named(name), told):
                    self.seen[(*key, "then", path)] = self.viewer.does(Visit(name, "get", path))


def viewer_of(world: World, role: str) -> Viewer:
    """Return somebody who has signed in, while the deputy sees a camera live, as long as anybody may."""
    camera = DeviceCamera.objects.exclude(camera__requests__request=world.deciding).get()
    start = reverse("live_start", args=[world.incident.pk])
    browsers = {each: sign_in(world.people[each]) for each in {role, "deputy"}}
    browsers["deputy"].post(start, {"reason": CRITICAL, "only": str(camera.pk)})
    view = ViewGrant.objects.order_by("pk").first()
    return Viewer(browsers[role], world.known, str(view.pk) if view else "")


def reachable(role: str, only: frozenset[str] | None = None) -> list[Address]:
    """Return the addresses that a role may open, among them those that nobody thought of here."""
    open_to_them = [each for each in addresses() if role in ROWS[each.name].who and each.name not in NEW_EACH_TIME]
    return [each for each in open_to_them if only is None or each.name in only]


def console_of(role: str) -> frozenset[str]:
    """Return the names of the addresses of the console that a role may open."""
    return frozenset(each.name for each in reachable(role) if each.route.startswith(CONSOLE))


def named(name: str) -> Address:
    """Return one address."""
    return next(each for each in addresses() if each.name == name)


def leads_to(path: str) -> str:
    """Return the name of the address that a path belongs to."""
    return resolve(urlsplit(path).path).url_name or ""


def visit_of(action: str, fields: Fields) -> Visit:
    """Return the sending of a form."""
    return Visit(leads_to(action), "post", action, tuple((name, tuple(values)) for name, values in fields.items()))


def paths_of(address: Address, objects: dict[str, list[Any]]) -> list[str]:
    """Return the paths of an address with each thing that it may name, by the word before it."""
    named = zip(address.words, address.values.values(), strict=True)
    known = [(kind == "uuid" and objects.get(word)) or [MADE_UP[kind]] for word, kind in named]
    return [reverse(address.name, kwargs=dict(zip(address.values, chosen, strict=True))) for chosen in product(*known)]


def queries_of(page: str, path: str) -> list[str]:
    """Return how a page offers to be narrowed: links to itself, and each choice of its own forms that only ask."""
    links = {unescape(query) for address, query in TO_ITSELF.findall(page) if address in {"", path}}
    choices = (choice for form in FORM.findall(page) for choice in CHOICE.findall(form))
    return sorted(links | {f"{name}={value}" for name, options in choices for value in OPTION.findall(options)})
