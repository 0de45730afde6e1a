"""Urgent views have threads and database connections of their own, and a view says so where it is declared."""

import math
import select
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus
from queue import SimpleQueue
from typing import Any

import pytest
from django.urls import resolve, reverse

from fusus_portal.ground.access.limits import TooManyAtOnce, TooManyRequests, at_once
from fusus_portal.ground.database.address import connection_settings, pooled
from fusus_portal.ground.database.backend.base import DatabaseWrapper
from fusus_portal.ground.serving import lanes, limits
from fusus_portal.ground.serving.lanes import Lane, Route, way_of, way_to
from fusus_portal.ground.serving.threads import LaneThreads
from integration.sharing.models import SharingPause
from tests.access.addresses import MADE_UP, addresses
from tests.database.clone import Clone
from tests.integration.live.streaming import scene
from tests.people import sign_in
from tests.serving.conftest import CAP, THREADS
from tests.serving.lines import FORM, PATIENCE, SECRET, Answer, answered, ask, get, held

URGENT = {
    *("health_live", "health_ready"),
    *(
        "live_watch",
        "live_state",
        "live_leave",
        "live_playlist",
        "live_segment",
        "live_extend",
        "live_again",
        "live_end",
        "live_stop",
    ),
    *("own_sharing", "sharing_pause", "sharing_rule", "stop_sharing", "sharing_revoke", "device_disconnect"),
    *("declaration_end", "incident_close", "incident_unassign", "camera_pause", "cameras_pause"),
    *("core_activate", "core_token", "core_poll", "core_health", "core_cameras", "core_openapi", "core_stream"),
    *("core_no_clip", "core_orders"),
}


def served(lane: Lane, *, has_body: bool) -> set[str]:
    return {each.name for each in addresses() if way_of(each.view, has_body=has_body).lane is lane}


def test_these_are_urgent_and_no_others() -> None:
    assert served(Lane.URGENT, has_body=False) == URGENT
    assert served(Lane.URGENT, has_body=True) == URGENT - {"core_stream"}


@pytest.mark.parametrize("name", ["core_snapshot", "core_clip"])
def test_pictures_and_clips_of_devices_hold_nothing_that_is_urgent(name: str) -> None:
    way = way_to(reverse(name, args=[MADE_UP["uuid"]]), has_body=True)
    assert way == Route(Lane.PAGES)
    assert not way.lane.has_urgent_database


def test_bodies_are_read_from_the_line_where_a_link_or_a_token_is_judged_first() -> None:
    reading = {each.name for each in addresses() if way_of(each.view, has_body=True).reads_line}
    assert reading == {"upload", "reply_footage", "core_stream", "street_list"}
    assert not any(way_of(each.view, has_body=False).reads_line for each in addresses())


def test_the_loop_finds_each_address_as_django_does() -> None:
    named = [each for each in addresses() if each.name and set(each.values.values()) <= set(MADE_UP)]
    paths = {reverse(each.name, kwargs={name: MADE_UP[kind] for name, kind in each.values.items()}) for each in named}
    assert len(paths) > 200
    for path in paths:
        assert way_to(path, has_body=True) == way_of(resolve(path).func, has_body=True), path


def test_an_address_that_is_nowhere_is_a_page() -> None:
    assert way_to("/nowhere/%FF", has_body=True) == Route(Lane.PAGES)
    assert way_to("*", has_body=True) == Route(Lane.PAGES)


def test_pause_live_view_and_devices_do_not_wait_for_pages_that_wait(port: int, portal_db: Clone) -> None:
    """Every thread of pages, and their only connection of the database, waits for a table that is locked."""
    seen = scene()
    grant = seen.begin()
    deputy, owner = str(seen.browser.session.session_key), str(sign_in(seen.owner).session.session_key)
    shop = f"GET {reverse('shop')} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with portal_db.connect() as locking:
        locking.autocommit = False
        locking.execute("LOCK TABLE shop_product IN ACCESS EXCLUSIVE MODE")
        with held(port, shop, 2 * THREADS) as lines:
            assert seen_by(port, reverse("live_state", args=[seen.incident.pk]), deputy).status == HTTPStatus.OK
            assert post(port, reverse("sharing_pause"), owner).status == HTTPStatus.FOUND
            assert get(port, reverse("health_ready")).status == HTTPStatus.OK
            assert get(port, reverse("core_openapi")).status == HTTPStatus.OK
            assert seen_by(port, reverse("live_playlist", args=[grant.pk]), deputy).status == HTTPStatus.FORBIDDEN
            assert select.select(lines, [], [], 0)[0] == []
            locking.rollback()
    assert SharingPause.objects.filter(registrant=seen.owner.registrant, ended_at=None).exists()


def test_urgent_threads_use_connections_that_pages_can_not_take(portal_db: Clone) -> None:
    settings = pooled(connection_settings("DATABASE_URL", portal_db.address("portal_app")), largest=1)
    defaults: dict[str, Any] = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "TIME_ZONE": None, "TEST": {}}
    way = DatabaseWrapper({**defaults, **settings}, alias="lanes")

    def pools_of(lane: Lane) -> Any:
        with ThreadPoolExecutor(1, initializer=lanes.enter, initargs=(lane,)) as threads:
            return threads.submit(lambda: way.pool).result()

    pools = {lane: pools_of(lane) for lane in Lane}
    assert pools[Lane.URGENT] is pools[Lane.VIDEO]
    assert pools[Lane.PAGES] is pools[Lane.FILES] is way.pool
    assert pools[Lane.URGENT] is not pools[Lane.PAGES]


def test_a_lane_that_takes_long_is_full_when_its_threads_are_busy() -> None:
    threads, ended = LaneThreads(1), threading.Event()
    for number in range(limits.VIDEO_THREADS):
        assert threads.has_room(Lane.VIDEO, f"192.0.2.{number}")
        threads.submit(Lane.VIDEO, "", ended.wait)
    assert not threads.has_room(Lane.VIDEO, "192.0.2.99")
    assert threads.has_room(Lane.URGENT, "192.0.2.99")
    ended.set()
    threads.done(Lane.VIDEO, "")
    assert threads.has_room(Lane.VIDEO, "192.0.2.99")
    threads.shutdown()


def test_one_network_leaves_threads_for_files_to_the_others() -> None:
    threads, ended = LaneThreads(1), threading.Event()
    for _number in range(limits.FILES_OF_ONE_NETWORK):
        threads.submit(Lane.FILES, "192.0.2.1", ended.wait)
    assert not threads.has_room(Lane.FILES, "192.0.2.1")
    assert threads.has_room(Lane.FILES, "192.0.2.2")
    ended.set()
    threads.done(Lane.FILES, "192.0.2.1")
    assert threads.has_room(Lane.FILES, "192.0.2.1")
    threads.shutdown()


def test_pages_wait_in_line_but_not_without_end() -> None:
    threads, ended = LaneThreads(1), threading.Event()
    for _number in range(1 + limits.WAITING):
        assert threads.has_room(Lane.PAGES, "")
        threads.submit(Lane.PAGES, "", ended.wait)
    assert not threads.has_room(Lane.PAGES, "")
    ended.set()
    threads.shutdown()


@pytest.fixture
def ended() -> Iterator[threading.Event]:
    """Return an event that is set at the end of the test, for everything that waits for it."""
    event = threading.Event()
    yield event
    event.set()


def test_networks_take_turns_for_a_thread(ended: threading.Event) -> None:
    """Two networks ask for ninety pages each; who comes then is served after one of each, not after all."""
    threads, served = LaneThreads(1), SimpleQueue[str]()
    networks = [*["192.0.2.1", "192.0.2.2"] * 90, "192.0.2.9"]
    threads.submit(Lane.PAGES, "192.0.2.1", ended.wait)
    for network in networks:
        threads.submit(Lane.PAGES, network, partial(served.put, network))
    ended.set()
    order = list[str]()
    for _each in networks:
        threads.done(Lane.PAGES, "192.0.2.1")
        order.append(served.get(timeout=PATIENCE))
    assert order.index("192.0.2.9") <= 2
    assert order[3:9] == ["192.0.2.1", "192.0.2.2"] * 3
    assert Counter(order) == Counter(networks)
    threads.shutdown()


def test_who_has_most_of_a_full_queue_loses_its_latest_to_another_network(ended: threading.Event) -> None:
    threads = LaneThreads(1)
    greedy = [
        threads.submit(Lane.URGENT, "192.0.2.1", ended.wait) for _n in range(limits.URGENT_THREADS + limits.WAITING)
    ]
    assert not threads.has_room(Lane.URGENT, "192.0.2.1")
    assert threads.has_room(Lane.URGENT, "192.0.2.2")
    other = threads.submit(Lane.URGENT, "192.0.2.2", ended.wait)
    assert [each.cancelled() for each in greedy] == [False] * (len(greedy) - 1) + [True]
    threads.done(Lane.URGENT, "192.0.2.1", served=False)
    ended.set()
    threads.done(Lane.URGENT, "192.0.2.1")
    threads.done(Lane.URGENT, "192.0.2.1")
    assert other.result(timeout=PATIENCE)
    threads.shutdown()


def test_bodies_that_wait_for_a_thread_count_until_they_are_served() -> None:
    threads, ended = LaneThreads(1), threading.Event()
    for _number in range(limits.HELD_BY_THREADS // limits.FORM_BYTES):
        assert threads.has_room(Lane.PAGES, "", body=limits.FORM_BYTES)
        threads.submit(Lane.PAGES, "", ended.wait, body=limits.FORM_BYTES)
    assert not threads.has_room(Lane.PAGES, "", body=limits.FORM_BYTES)
    assert threads.has_room(Lane.URGENT, "", body=limits.SMALL_BODY)
    ended.set()
    threads.done(Lane.PAGES, "", body=limits.FORM_BYTES)
    assert threads.has_room(Lane.PAGES, "", body=limits.FORM_BYTES)
    threads.shutdown()


def test_large_forms_do_not_wait_for_pages_without_end(port: int, portal_db: Clone) -> None:
    """Each of them would be a file on the disk. A small one still waits, and what is urgent is answered."""
    shop = f"GET {reverse('shop')} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    large = FORM + f"Content-Length: {limits.FORM_BYTES}\r\n\r\n".encode() + bytes(limits.FORM_BYTES)
    small = FORM + b"Content-Length: 6\r\n\r\nlogin="
    judged = {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN}
    with portal_db.connect() as locking, ExitStack() as lines:
        locking.autocommit = False
        locking.execute("LOCK TABLE shop_product IN ACCESS EXCLUSIVE MODE")
        shops = lines.enter_context(held(port, shop, THREADS))
        forms = lines.enter_context(held(port, large, limits.HELD_BY_THREADS // limits.FORM_BYTES))
        assert ask(port, large).status == HTTPStatus.SERVICE_UNAVAILABLE
        forms += lines.enter_context(held(port, small, 1))
        assert get(port, reverse("health_ready")).status == HTTPStatus.OK
        assert select.select([*shops, *forms], [], [], 0)[0] == []
        locking.rollback()
        assert {answered(form).status for form in forms} <= judged
        assert ask(port, large).status in judged


def test_a_full_queue_takes_who_comes_in_place_of_the_latest_of_many(port: int, portal_db: Clone) -> None:
    """Seven networks fill the queue of pages; one that asks once is served next, and one of theirs comes again."""
    shop = f"GET {reverse('shop')} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    greedy = [f"127.0.0.{number}" for number in range(2, 2 + math.ceil((limits.WAITING + THREADS) / (CAP - 1)))]
    with portal_db.connect() as locking, ExitStack() as stack:
        locking.autocommit = False
        locking.execute("LOCK TABLE shop_product IN ACCESS EXCLUSIVE MODE")
        lines = [each for source in greedy for each in stack.enter_context(held(port, shop, CAP - 1, source=source))]
        [late] = stack.enter_context(held(port, shop, 1, source="127.0.0.99"))
        refused = refusals(lines, len(lines) + 1 - limits.WAITING - THREADS)
        assert {answered(each).status for each in refused} == {HTTPStatus.SERVICE_UNAVAILABLE}
        locking.rollback()
        assert answered(late).status == HTTPStatus.OK
        waiting = [each for each in lines if each not in refused]
        assert len(readable(waiting)) < len(waiting) // 2


def test_who_does_too_much_at_once_is_refused_until_one_is_done() -> None:
    with at_once("sending", 1, "a"):
        with pytest.raises(TooManyAtOnce), at_once("sending", 1, "a"):
            pass
        with at_once("sending", 1, "b"):
            pass
    with at_once("sending", 1, "a"):
        pass
    assert issubclass(TooManyAtOnce, TooManyRequests)


def refusals(lines: list[socket.socket], count: int) -> list[socket.socket]:
    """Wait until so many lines have an answer, and return them; a further one would come within a second."""
    deadline = time.monotonic() + PATIENCE
    while len(readable(lines)) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    told = readable(lines)
    assert len(told) == count
    return told


def readable(lines: list[socket.socket]) -> list[socket.socket]:
    """Return the lines that have an answer. `select` knows the first 1,024 files of a process alone."""
    with selectors.DefaultSelector() as waiting:
        for line in lines:
            waiting.register(line, selectors.EVENT_READ, data=line)
        return [key.data for key, _events in waiting.select(0)]


def seen_by(port: int, path: str, session: str) -> Answer:
    """Ask as somebody who is signed in."""
    return ask(port, request("GET", path, session))


def post(port: int, path: str, session: str) -> Answer:
    """Press a button as somebody who is signed in."""
    return ask(port, request("POST", path, session, f"csrfmiddlewaretoken={SECRET}"))


def request(method: str, path: str, session: str, body: str = "") -> bytes:
    """Return a request of somebody who is signed in."""
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Cookie: sessionid={session}; csrftoken={SECRET}"]
    if body:
        head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", body]).encode()
