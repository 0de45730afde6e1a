"""Slow senders hold no thread: there are more slow connections than threads, and the next person is answered.

Two threads serve pages, and there is one connection of the database for them.
"""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from uuid import UUID, uuid4

from django.urls import reverse

from integration.live import passes
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import FootageRequest
from registry.footage.models import Upload
from registry.footage.services import uploads
from registry.footage.views.tus import A_READ
from registry.footage.views.uploads import address_of
from registry.rules import SENDING_AT_ONCE
from tests.factories import request_at
from tests.integration.live.streaming import scene, stream_of
from tests.registry.footage.footage import video
from tests.serving.conftest import CAP, THREADS
from tests.serving.lines import (
    FORM,
    PATIENCE,
    SECRET,
    SLOW_FORM,
    SLOW_HEAD,
    answered,
    ask,
    get,
    held,
    is_closed,
    is_cut,
    opened,
    trickle,
)

MORE = 3 * THREADS
SENT = 300_000
BIG = b"GET /static/js/hls.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40
"""Fifteen megabytes of answers: more than the buffers on the way."""

MULTIPART = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\n\r\n--x\r\n"


def page() -> str:
    return reverse("account_login")


def works(port: int) -> bool:
    """Tell whether somebody else is answered at all: by what is urgent, and by a page that needs the database."""
    return all(get(port, path).status == HTTPStatus.OK for path in ("/health/live", "/health/ready", page()))


def test_others_are_answered_while_slow_senders_wait(port: int) -> None:
    with held(port, SLOW_FORM, MORE), held(port, SLOW_HEAD, MORE), held(port, b"", MORE):
        assert works(port)


def test_others_are_answered_while_slow_readers_wait(port: int) -> None:
    with held(port, BIG, MORE, buffer=4096) as lines:
        assert works(port)
        assert all(is_cut(line) for line in lines)


def test_slow_senders_are_told_so_and_let_go_also_byte_by_byte_and_when_they_say_nothing(port: int) -> None:
    stopped = threading.Event()
    with held(port, SLOW_FORM, 2) as [form, slow], held(port, SLOW_HEAD, 1) as [head], held(port, b"", 1) as [silent]:
        sender = threading.Thread(target=trickle, args=(slow,), kwargs={"stop": stopped.is_set})
        sender.start()
        for line in (form, head):
            answer = answered(line)
            assert answer.status == HTTPStatus.REQUEST_TIMEOUT
            assert "too slow" in answer.body.decode()
            assert "demasiado lenta" in answer.body.decode()
            assert is_closed(line)
        assert answered(slow).status == HTTPStatus.REQUEST_TIMEOUT
        stopped.set()
        sender.join()
        assert is_closed(silent)


def test_a_form_that_takes_its_time_is_served(port: int) -> None:
    body = b"login=somebody%40example.org&password=x"
    with opened(port) as line:
        line.sendall(FORM + f"Content-Length: {len(body)}\r\n\r\n".encode())
        for byte in body:
            line.sendall(bytes([byte]))
            time.sleep(0.01)
        assert answered(line).status == HTTPStatus.FORBIDDEN  # the check against forged forms has read all of it


def test_a_link_is_judged_before_its_body_is_read(port: int) -> None:
    assert ask(port, form_of("forged")).status == HTTPStatus.NOT_FOUND


def test_the_address_of_a_file_is_judged_before_its_bytes_are_read(port: int) -> None:
    assert ask(port, patch_of(reverse("upload", args=["forged"]), 9_000_000)).status == HTTPStatus.NOT_FOUND


def test_the_token_of_a_stream_is_judged_before_its_video_is_read(port: int) -> None:
    assert ask(port, put_of(uuid4(), "forged")).status == HTTPStatus.UNAUTHORIZED


@contextmanager
def sending(port: int, asked: FootageRequest) -> Iterator[None]:
    """Hold files of a link that works, and its form, half sent: the connection of the database is nobody's."""
    lines = [patch_of(address_of(begun(asked)), 9_000_000) for _number in range(2)]
    with held(port, lines[0], 1), held(port, lines[1], 1), held(port, form_of(token_for(asked)), 2):
        yield


def test_files_on_their_way_hold_no_connection_of_the_database(port: int) -> None:
    asked = request_at("sent")
    with sending(port, asked):
        assert works(port)


def test_a_file_that_stands_still_is_let_go_and_goes_on_where_it_was(port: int) -> None:
    asked = request_at("sent")
    address = address_of(upload := begun(asked))
    with held(port, patch_of(address, 9_000_000) + video() + bytes(SENT), 1) as [line]:
        assert answered(line).status == HTTPStatus.SERVICE_UNAVAILABLE  # the client asks what arrived, and goes on
        assert is_closed(line)
    head = f"HEAD {address} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nConnection: close\r\n\r\n"
    with opened(port) as line:
        line.sendall(head.encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
    assert SENT - A_READ < uploads.offset(upload=upload) <= SENT + len(video())


def test_one_link_takes_so_many_threads_and_leaves_the_others_theirs(port: int) -> None:
    asked, other = request_at("sent"), request_at("sent")
    with held(port, form_of(token_for(asked)), SENDING_AT_ONCE + 1) as lines:
        [refused] = select.select(lines, [], [], PATIENCE)[0]
        assert answered(refused).status == HTTPStatus.TOO_MANY_REQUESTS
        assert ask(port, patch_of(address_of(begun(asked)), 9_000_000)).status == HTTPStatus.SERVICE_UNAVAILABLE
        assert ask(port, patch_of(address_of(begun(other)), len(video())) + video()).status == HTTPStatus.NO_CONTENT


def test_video_that_stands_still_is_let_go(port: int) -> None:
    seen = scene()
    stream = stream_of(seen.begin())
    with held(port, put_of(stream.pk, passes.stream_token(stream.pk)), MORE) as lines:
        assert works(port)
        statuses = {answered(line).status for line in lines}
        assert statuses <= {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


def test_one_network_has_so_many_connections_and_leaves_the_others_theirs(port: int) -> None:
    with held(port, b"", CAP):
        with opened(port) as one_more:
            assert is_closed(one_more)
        assert get(port, "/health/live", source="127.0.0.9").status == HTTPStatus.OK


def begun(asked: FootageRequest) -> Upload:
    """Return a file that is on its way."""
    sender = link_actor(asked)
    return uploads.create(request=asked, name="door.mp4", size=9_000_000, content_type="video/mp4", by=sender)


def form_of(token: str) -> bytes:
    """Return the head of a form with files, behind a link."""
    cookie = f"Cookie: csrftoken={SECRET}\r\n"
    page = reverse("reply_footage", args=[token])
    return f"POST {page} HTTP/1.1\r\nHost: localhost\r\n{cookie}{MULTIPART}".encode()


def patch_of(address: str, length: int) -> bytes:
    """Return the head of a piece of a file."""
    head = [f"PATCH {address} HTTP/1.1", "Host: localhost", "Tus-Resumable: 1.0.0", "Upload-Offset: 0"]
    head += ["Content-Type: application/offset+octet-stream", f"Content-Length: {length}", "", ""]
    return "\r\n".join(head).encode()


def put_of(stream: UUID, token: str) -> bytes:
    """Return the head of a piece of live video, with the beginning of a chunk, as ffmpeg sends it."""
    path = f"/core/v1/streams/{stream}/1.ts"
    head = [f"PUT {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}", "Transfer-Encoding: chunked"]
    return "\r\n".join([*head, "", "1000", ""]).encode() + b"G"
