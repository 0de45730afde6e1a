"""Bodies that a device sends to a relay: taken with the token of their stream, as video and nothing else."""

import struct
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from pytest_django import Settings

from fusus_portal.demo.servers.valkey import Valkey
from integration.cores.services import cores
from integration.device_api.callers import count_call
from integration.live.services import views
from integration.live.video.fragments import FRAME_BYTES
from integration.relay.receiver import BODIES
from integration.relay.wire import Kind
from integration.rules import BODY_STALLED_AFTER_SECONDS
from tests.factories import person
from tests.integration.live.streaming import Scene, stream_of
from tests.integration.live.video.test_fragments import sent, with_sound
from tests.integration.relay.watching import device, page_of, put, slowly, token_of
from tests.peers.cameras_at_work import frames_of
from tests.peers.relay import Relay, until


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (sent, 204, ""),
        (with_sound, 415, "not-video"),
        (lambda: sent(codec="mpeg4"), 415, "not-video"),
        (lambda: sent(flags="empty_moov+default_base_moof+frag_keyframe"), 415, "not-video"),
        (lambda: sent() + sent(), 415, "not-video"),
        (lambda: b"GET / HTTP/1.1\r\n\r\n", 415, "not-video"),
        (lambda: sent(size="64x48", rate=60, seconds=14), 413, "too-large"),
        (
            lambda: (
                sent()[: sent().index(b"mdat") - 4] + struct.pack(">I4s", FRAME_BYTES + 9, b"mdat") + bytes(5_000_000)
            ),
            413,
            "too-large",
        ),
    ],
)
def test_video_is_taken_and_nothing_else(relay: Relay, seen: Scene, body: object, status: int, code: str) -> None:
    view = seen.begin()
    found, said = put(relay, stream_of(view).pk, token_of(view), slowly(body()))  # type: ignore[operator]
    assert found == status
    assert said.get("type", "").removeprefix("urn:fusus-portal:core:") == code


def test_a_token_opens_its_own_stream_alone(relay: Relay, seen: Scene) -> None:
    one, other = seen.begin(seen.cameras[0]), seen.begin(seen.cameras[1])
    for stream, token in (
        (stream_of(one).pk, token_of(other)),
        (stream_of(one).pk, ""),
        (uuid4(), token_of(one)),
    ):
        status, said = put(relay, stream, token, slowly(sent()))
        assert (status, said["type"]) == (401, "urn:fusus-portal:core:not-known")


def test_a_device_that_begins_too_often_is_told_to_wait(
    relay: Relay, kept_relay: tuple[Relay, Valkey], seen: Scene, settings: Settings
) -> None:
    one, other = seen.begin(seen.cameras[0]), seen.begin(seen.cameras[1])
    settings.REDIS_URL = kept_relay[1].url
    for _call in range(240):
        count_call(token_of(one), "")
    status, said = put(relay, stream_of(one).pk, token_of(one), slowly(sent()))
    assert (status, said["type"]) == (429, "urn:fusus-portal:core:too-often")
    assert put(relay, stream_of(other).pk, token_of(other), slowly(sent()))[0] == 204


def test_nothing_is_taken_once_nobody_sees_it(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    views.end(grant=view, by=seen.deputy)
    assert put(relay, stream_of(view).pk, token_of(view), slowly(sent()))[0] == 410


def test_a_body_ends_when_its_last_view_does(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    with device(relay, view) as ffmpeg:
        page_of(relay, view).waits_for(Kind.FRAME)
        views.end(grant=view, by=seen.deputy)
        until(lambda: ffmpeg.poll() is not None)


def test_a_body_ends_when_its_core_is_suspended(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    with device(relay, view) as ffmpeg:
        page = page_of(relay, view)
        page.waits_for(Kind.FRAME)
        cores.suspend(core=seen.device.core, by=person("clerk"))
        page.waits_for(Kind.REFUSED)
        until(lambda: ffmpeg.poll() is not None)


def test_of_two_bodies_the_newer_one_holds(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    answers: list[int] = []

    def endless() -> Iterator[bytes]:
        for part in frames_of(sent(seconds=60)):
            if answers:
                return
            yield part
            time.sleep(0.1)

    def older() -> None:
        answers.append(put(relay, stream_of(view).pk, token_of(view), endless())[0])

    page = page_of(relay, view)
    thread = threading.Thread(target=older)
    thread.start()
    page.waits_for(Kind.FRAME)
    with device(relay, view):
        until(lambda: len(page.of(Kind.INIT)) == 2)
        count = len(page.of(Kind.FRAME))
        page.waits_for(Kind.FRAME, count=count + 5)
        thread.join(timeout=20)
        assert answers == [409]


def test_a_device_that_sends_anew_has_no_more_for_it(relay: Relay, seen: Scene) -> None:
    view, other = seen.begin(seen.cameras[0]), seen.begin(seen.cameras[1])
    body = sent(size="64x48", rate=60, seconds=9)
    assert put(relay, stream_of(view).pk, token_of(view), [body])[0] == 204
    assert put(relay, stream_of(view).pk, token_of(view), [body])[0] == 413
    assert put(relay, stream_of(other).pk, token_of(other), [body])[0] == 204


def test_bodies_of_one_stream_begin_once_a_second(relay: Relay, seen: Scene) -> None:
    view = seen.begin()
    told = [put(relay, stream_of(view).pk, token_of(view), [b"GET / HTTP/1.1"])[0] for _body in range(3 * BODIES)]
    assert told[:BODIES] == [415] * BODIES
    assert 429 in told


@pytest.mark.long
def test_a_body_that_stands_still_is_given_up(relay: Relay, seen: Scene) -> None:
    view = seen.begin()

    def stalls() -> Iterator[bytes]:
        yield sent()
        time.sleep(15)
        yield b""

    page = page_of(relay, view)
    began = time.monotonic()
    status, said = put(relay, stream_of(view).pk, token_of(view), stalls())
    assert (status, said["type"]) == (408, "urn:fusus-portal:core:interrupted")
    [wait] = page.of(Kind.WAIT)[-1:]
    # What was is not what is: it goes from the screen before the body is given up.
    assert wait.at - began < BODY_STALLED_AFTER_SECONDS
