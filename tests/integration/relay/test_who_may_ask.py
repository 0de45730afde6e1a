"""Who may ask a relay for pictures: whose view it is, with a pass of their own, and at no other address."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from itertools import product
from urllib.parse import urlsplit

import time_machine
from aiohttp.web import AbstractRoute
from django.conf import settings
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from integration.live.models import ViewGrant
from integration.relay import processes
from integration.relay.wire import Kind
from integration.rules import PASS_LIFE
from tests.factories import person
from tests.integration.live.streaming import Scene, stream_of
from tests.integration.relay.watching import device, page_of, shown, token_of, watch
from tests.peers.relay import Page, Relay, until


class TestWhoMayAsk:
    def test_a_pass_of_nobody(self, relay: Relay, seen: Scene) -> None:
        view = seen.begin()
        for said in ("", "x", "x" + shown(view), shown(view)[:-1], 7, None):
            assert watch(relay, json.dumps({"pass": said, "views": [str(view.pk)]}))[0] in (400, 403)

    def test_a_pass_that_is_over(self, relay: Relay, seen: Scene) -> None:
        view = seen.begin()
        with time_machine.travel(timezone.now() - PASS_LIFE * 1.1):
            old = shown(view)
        assert watch(relay, json.dumps({"pass": old, "views": [str(view.pk)]}))[0] == 403

    def test_a_pass_of_another_sign_in_shows_nothing(self, relay: Relay, seen: Scene) -> None:
        view = seen.begin()
        with device(relay, view):
            page = Page(relay.url, shown(view, session="00" * 32), [view.pk]).open()
            page.waits_for(Kind.REFUSED)
            assert page.of(Kind.FRAME) == []

    def test_a_pass_that_was_made_for_another_network_does_not_count(self, relay: Relay, seen: Scene) -> None:
        view = seen.begin()
        body = json.dumps({"pass": shown(view, network="192.0.2.99"), "views": [str(view.pk)]})
        assert watch(relay, body)[0] == 403

    def test_another_persons_view_is_not_there_and_leaves_an_entry(self, relay: Relay, seen: Scene) -> None:
        view = seen.begin()
        for other in (seen.colleague(), seen.supervisor):
            body = json.dumps({"pass": shown(view, deputy=other.pk), "views": [str(view.pk)]})
            assert watch(relay, body)[0] == 404
            assert AuditEntry.objects.filter(
                subject_id=str(view.pk), outcome="refused", actor_id=str(other.pk)
            ).exists()

    def test_a_role_that_sees_nothing_live(self, relay: Relay, seen: Scene) -> None:
        view = seen.begin()
        for role in (Role.AUDITOR, Role.CLERK, Role.RESIDENT):
            body = json.dumps({"pass": shown(view, deputy=person(role).pk), "views": [str(view.pk)]})
            assert (watch(relay, body)[0], role) == (403, role)

    def test_no_list_of_views(self, relay: Relay, seen: Scene) -> None:
        view = seen.begin()
        for said in ([], ["x"], "x", None, [1], ["00000000-0000-4000-8000-000000000000"] * 2):
            assert (watch(relay, json.dumps({"pass": shown(view), "views": said}))[0], said) == (400, said)

    def test_no_json_and_too_much_of_it(self, relay: Relay) -> None:
        assert watch(relay, b"\xff\xfe{")[0] == 400
        assert watch(relay, "[" * 5000)[0] == 400
        assert watch(relay, "x" * 100_000)[0] == 413

    def test_only_the_portals_own_pages_may_read(self, relay: Relay, seen: Scene) -> None:
        body = json.dumps({"pass": shown(seen.begin()), "views": []})
        assert "Access-Control-Allow-Origin" not in watch(relay, body, Origin="https://elsewhere.example")[1]
        own = watch(relay, body, Origin="http://localhost:8000")[1]
        assert own["Access-Control-Allow-Origin"] == "http://localhost:8000"
        assert own["Cache-Control"] == "no-store"

    def test_one_sign_in_has_a_few_lines_at_once(self, relay: Relay, seen: Scene) -> None:
        view = seen.begin()
        pages = [page_of(relay, view) for _each in range(4)]
        for page in pages:
            until(lambda page=page: page.messages)  # type: ignore[misc]
        body = json.dumps({"pass": shown(view), "views": [str(view.pk)]})
        assert watch(relay, body)[0] == 429
        pages[0].close()
        until(lambda: watch(relay, body)[0] == 200)


def test_no_other_address_of_a_relay_shows_a_frame(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    stream = stream_of(view)
    with device(relay, view):
        page = page_of(relay, view)
        words = [each.box[-24:] for each in page.waits_for(Kind.FRAME, count=12)]
        asked = 0
        cookie = f"{settings.SESSION_COOKIE_NAME}={seen.browser.session.session_key}"
        headers = {"Authorization": f"Bearer {token_of(view)}", "Cookie": cookie}
        for url, route in routes(relay):
            path = str(route.resource.canonical if route.resource else "").replace("{stream}", str(stream.pk))
            for method, body in product(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"], others(view, seen)):
                if path.endswith("live.mp4") and method in ("PUT", "POST"):
                    continue  # it is what the device does now
                answer = told(url, method, path, body, headers)
                assert not any(word in answer for word in words), (method, path, body)
                asked += 1
        assert asked > 40
        assert page.of(Kind.REFUSED) == []


def routes(relay: Relay) -> Iterator[tuple[str, AbstractRoute]]:
    """Yield each address of both processes, and what is there."""
    one, other = socket.socketpair()
    with one, other:
        for route in processes.pages_app(0, one, asyncio.Event()).router.routes():
            yield relay.url, route
        for route in processes.devices_app(other, asyncio.Event()).router.routes():
            yield relay.devices, route


def others(view: ViewGrant, seen: Scene) -> list[bytes]:
    """Return what somebody may send who should see nothing."""
    colleague = seen.colleague()
    grants = [str(view.pk)]
    return [
        b"",
        json.dumps({"views": grants}).encode(),
        json.dumps({"pass": "", "views": grants}).encode(),
        json.dumps({"pass": shown(view, deputy=colleague.pk), "views": grants}).encode(),
        json.dumps({"pass": shown(view, session="11" * 32), "views": grants}).encode(),
        json.dumps({"pass": shown(view, network="192.0.2.1"), "views": grants}).encode(),
    ]


def told(url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return all that comes within a second."""
    found = b""
    with closing(HTTPConnection("localhost", urlsplit(url).port or 0, timeout=1)) as line:
        line.request(method, path, body=body, headers=headers)
        with suppress(TimeoutError, OSError):
            answer = line.getresponse()
            while part := answer.read1():
                found += part
    return found
