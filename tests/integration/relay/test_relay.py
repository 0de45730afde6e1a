"""A relay over real HTTP: plain ffmpeg as a device, pages that read, and a gate that says no in between."""

import json
import socket
import statistics
import time
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import psutil
import pytest
from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import sign_ins
from integration.live.models import ViewGrant
from integration.live.services import views
from integration.live.video import decisions, relays, store
from integration.live.video.connection import live
from integration.live.video.figures import of_views
from integration.relay.wire import Kind
from integration.sharing import services as sharing
from integration.sharing.models import SharingRule
from registry.incidents.services import incidents
from tests.integration.live.streaming import Scene
from tests.integration.relay.watching import device, page_of, shown
from tests.integration.sharing.consent import owner_of
from tests.peers.relay import Page, Relay, until
from tests.people import sign_in


def test_each_frame_arrives_and_each_view_is_judged_apart(relay: Relay, seen: Scene) -> None:
    first, second = seen.begin(seen.cameras[0]), seen.begin(seen.cameras[1])
    with device(relay, first), device(relay, second):
        page = page_of(relay, first, second)
        frames = page.waits_for(Kind.FRAME, count=15)
        page.waits_for(Kind.FRAME, view=1, count=15)
        [init] = page.of(Kind.INIT)
        assert init.said["codec"].startswith("avc1.")
        assert page.messages[0].kind is Kind.BEAT
        assert frames[0].is_key
        assert all(each.box[4:8] == b"moof" for each in frames)
        views.end(grant=first, by=seen.deputy)
        [refused] = page.waits_for(Kind.REFUSED)
        assert refused.said["sentence"] == "This view is over."
        count = len(page.of(Kind.FRAME, 1))
        page.waits_for(Kind.FRAME, view=1, count=count + 10)
        assert page.of(Kind.FRAME)[-1].at <= refused.at
        until(lambda: (figures := of_views([second.pk]).get(second.pk)) and figures.frames > 5)
        assert store.sent(second.pk) > 1000
    views.end(grant=second, by=seen.deputy)
    until(lambda: page.ended_at)


def pause(seen: Scene, _view: ViewGrant) -> None:
    sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner)


def close(seen: Scene, _view: ViewGrant) -> None:
    incidents.close(incident=seen.incident, by=seen.supervisor)


def unassign(seen: Scene, view: ViewGrant) -> None:
    incidents.unassign(incident=seen.incident, user=view.deputy, by=seen.supervisor)


def sign_out(seen: Scene, view: ViewGrant) -> None:
    with transaction.atomic():
        sign_ins.end_all_of(account=view.deputy, by=seen.supervisor.actor)


@pytest.mark.parametrize(
    ("revoke", "said"),
    [
        (pause, "Sharing is paused until the owner resumes."),
        (close, "The incident is closed."),
        (unassign, "You are not assigned to the incident."),
        (sign_out, "elsewhere"),
    ],
)
def test_whatever_takes_a_view_away_is_told_at_once(
    relay: Relay, seen: Scene, revoke: Callable[[Scene, ViewGrant], None], said: str
) -> None:
    view = seen.begin()
    with device(relay, view):
        page = page_of(relay, view)
        page.waits_for(Kind.FRAME, count=5)
        revoke(seen, view)
        kept = decisions.get_all(live(), [view.pk]).get(view.pk)
        assert kept is None or kept.failed or revoke is sign_out  # the end of a sign-in is found within its life
        [refused] = page.waits_for(Kind.REFUSED)
        until(lambda: page.ended_at)
        assert [each.kind for each in page.messages if each.at > refused.at] == []


def test_a_page_that_joins_late_begins_with_a_key_frame_and_all_that_follow(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    with device(relay, view):
        first = page_of(relay, view)
        first.waits_for(Kind.FRAME, count=17)  # in the middle of a second
        late = page_of(relay, view)
        frames = late.waits_for(Kind.FRAME, count=12)
        assert frames[0].is_key
        boxes = [each.box for each in first.of(Kind.FRAME)]
        assert frames[0].box in boxes
        at = boxes.index(frames[0].box)
        both = first.waits_for(Kind.FRAME, count=at + len(frames))[at : at + len(frames)]
        assert [each.box for each in frames] == [each.box for each in both]


def test_each_minute_has_its_entry_before_its_first_picture(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    with device(relay, view):
        page = page_of(relay, view)
        page.waits_for(Kind.FRAME)
        [entry] = AuditEntry.objects.filter(event=Event.VIEW_WATCHED)
        assert entry.facts["minute"] == 1
        assert entry.at.timestamp() <= page.of(Kind.FRAME)[0].wall


def test_a_line_keeps_its_view_alive_and_a_closed_one_does_not(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    with device(relay, view):
        page = page_of(relay, view)
        page.waits_for(Kind.FRAME)
        live().delete(f"asked:{view.pk}")  # that a view began counts as well, for a while
        until(lambda: decisions.still_asks(view.pk))
        assert views.sweep() == 0
        page.close()
        until(lambda: page.ended_at)

        def is_gone() -> bool:
            live().delete(f"asked:{view.pk}")
            time.sleep(0.5)
            return views.sweep() == 1

        until(is_gone)  # the relay finds out with its next frame


def test_a_slow_line_holds_up_nobody_and_skips_to_what_is_now(relay: Relay, seen: Scene) -> None:
    colleague = seen.colleague()
    own, other = seen.begin(), seen.begin(by=colleague, session=str(sign_in(colleague).session.session_key))
    with device(relay, own):
        stuck = socket.create_connection(("localhost", urlsplit(relay.url).port or 0))
        with stuck:
            body = json.dumps({"pass": shown(own), "views": [str(own.pk)]}).encode()
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            stuck.sendall(
                b"POST /watch HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            page = page_of(relay, other)
            page.waits_for(Kind.FRAME, count=20)
            before = psutil.Process(relay.pid).memory_info().rss
            gaps = [b.at - a.at for a, b in zip(page.of(Kind.FRAME), page.of(Kind.FRAME)[1:], strict=False)]
            assert statistics.median(gaps) < 0.5
            until(lambda: of_views([own.pk]).get(own.pk) is None, within=40)  # it was cut
            assert psutil.Process(relay.pid).memory_info().rss - before < 20_000_000


def test_whatever_a_browser_calls_itself_a_refusal_ends_its_own_view_alone(relay: Relay, seen: Scene) -> None:
    odd, other = seen.begin(seen.cameras[0]), seen.begin(seen.cameras[1])
    with device(relay, odd), device(relay, other):
        page = Page(relay.url, shown(odd), [odd.pk], headers={"User-Agent": "caf\xe9"}).open()  # no UTF-8
        beside = page_of(relay, other)
        page.waits_for(Kind.FRAME, count=3)
        beside.waits_for(Kind.FRAME, count=3)
        SharingRule.objects.filter(camera=seen.cameras[0]).update(
            mode="never"
        )  # no act has ended the view: the gate does
        page.waits_for(Kind.REFUSED)
        until(lambda: AuditEntry.objects.filter(event=Event.VIEW_REFUSED).exists())
        count = len(beside.of(Kind.FRAME))
        beside.waits_for(Kind.FRAME, count=count + 10)


@pytest.mark.long
def test_little_waits_on_a_slow_line_when_its_view_is_refused(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    with device(relay, view):
        page = Page(relay.url, shown(view), [view.pk], pace=12_000).open()
        page.waits_for(Kind.FRAME)
        time.sleep(20)  # its device sends two thirds more than the line takes
        pause(seen, view)
        at, wall = time.monotonic(), time.time()
        until(lambda: page.of(Kind.REFUSED) or page.ended_at)
        frames = page.of(Kind.FRAME)
        assert frames[-1].came - wall < 0.5
        assert sum(len(each.payload) for each in frames if each.at > at) < 100_000


def test_a_line_without_pictures_shows_that_it_lives(relay: Relay, seen: Scene) -> None:
    page_of(relay, seen.begin()).waits_for(Kind.BEAT, count=3)


def test_streams_are_spread_over_relays_and_one_that_goes_moves_its_own_alone() -> None:
    addresses = [f"https://portal.example/relay/{number}" for number in range(3)]
    had = {UUID(int=number): relays.of_stream(UUID(int=number), addresses) for number in range(60)}
    assert all(list(had.values()).count(address) > 10 for address in addresses)
    moved = {stream for stream, address in had.items() if relays.of_stream(stream, addresses[:2]) != address}
    assert moved == {stream for stream, address in had.items() if address == addresses[2]}


def test_without_a_device_a_page_is_told_what_it_waits_for(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    page = page_of(relay, view)
    until(lambda: any("CORE" in each.said["sentence"] for each in page.of(Kind.WAIT)))
    with device(relay, view):
        page.waits_for(Kind.FRAME, count=5)
    until(lambda: page.of(Kind.WAIT)[-1].at > page.of(Kind.FRAME)[-1].at)
    last = page.of(Kind.WAIT)[-1]
    with device(relay, view):
        until(lambda: any(each.at > last.at for each in page.of(Kind.FRAME)))
    assert len(page.of(Kind.INIT)) == 2


def test_a_person_who_is_suspended_sees_nothing_more(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    with device(relay, view):
        page = page_of(relay, view)
        page.waits_for(Kind.FRAME)
        # Nothing forgets the decision here: it grows old.
        User.objects.filter(pk=view.deputy_id).update(is_active=False, disabled_at=timezone.now())
        suspended = time.time()
        page.waits_for(Kind.REFUSED)
        assert page.of(Kind.FRAME)[-1].came - suspended < 2
