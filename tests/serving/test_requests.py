"""Requests as clients send them, whole or in pieces, one after the other on a line: answered as ever."""

import re
import time
from http import HTTPStatus

import pytest
from django.urls import reverse

from fusus_portal.ground.serving import limits
from tests.serving.lines import FORM, answered, ask, is_closed, opened

LIVE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = b"login=somebody%40example.org&password=x"


def form(*headers: str, length: int = len(BODY)) -> bytes:
    return FORM + "".join(f"{row}\r\n" for row in [*headers, f"Content-Length: {length}"]).encode() + b"\r\n"


def test_several_requests_on_one_line_are_answered_in_turn(port: int) -> None:
    with opened(port) as line:
        line.sendall(LIVE)
        assert answered(line).status == HTTPStatus.OK
        line.sendall(form() + BODY)
        assert answered(line).status == HTTPStatus.FORBIDDEN
        line.sendall(LIVE)
        assert answered(line).status == HTTPStatus.OK


def test_requests_that_come_at_once_are_answered_one_after_the_other(port: int) -> None:
    with opened(port) as line:
        line.sendall(LIVE + form() + BODY + LIVE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        data = b""
        while part := line.recv(65536):
            data += part
    statuses = re.findall(rb"HTTP/1\.1 (\d+)", data)
    assert statuses == [b"200", b"403", b"200"]


def test_a_head_may_be_split_anywhere(port: int) -> None:
    address = f"/nowhere/{'ñ'}/".encode()
    head = b"GET /nowhere/%C3%B1/ HTTP/1.1\r\nHost: localhost\r\nX-Name: " + "Núñez".encode() + b"\r\n\r\n"
    with opened(port) as line:
        for byte in head:
            line.sendall(bytes([byte]))
            time.sleep(0.001)
        assert answered(line).status == HTTPStatus.NOT_FOUND
    assert ask(port, b"GET " + address + b" HTTP/1.1\r\nHost: localhost\r\n\r\n").status == HTTPStatus.BAD_REQUEST


def test_a_browser_that_asks_before_sending_is_told_to_go_on(port: int) -> None:
    with opened(port) as line:
        line.sendall(form("Expect: 100-continue"))
        assert answered(line).status == HTTPStatus.CONTINUE
        line.sendall(BODY)
        assert answered(line).status == HTTPStatus.FORBIDDEN


def test_a_form_beyond_a_megabyte_is_collected_too(port: int) -> None:
    body = BODY + b"&more=" + bytes(3 * limits.MB)
    answer = ask(port, form(length=len(body)) + body)
    assert answer.status == HTTPStatus.BAD_REQUEST  # Django reads no field of more than 2.5 MB


def test_a_form_of_unknown_length_is_refused(port: int) -> None:
    with opened(port) as line:
        line.sendall(FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nlogin\r\n")
        assert answered(line).status == HTTPStatus.LENGTH_REQUIRED
        assert is_closed(line)


def test_more_than_a_form_can_take_is_refused_before_it_is_sent(port: int) -> None:
    answer = ask(port, form(length=limits.FORM_BYTES + 1))
    assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "smaller file" in answer.body.decode()


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"c" * limits.HEAD_BYTES, 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
    ],
    ids=["large", "length", "smuggled", "tls", "empty"],
)
def test_what_is_no_request_is_refused_and_ends_the_line(port: int, request_bytes: bytes, status: int) -> None:
    with opened(port) as line:
        line.sendall(request_bytes)
        assert answered(line).status == status
        assert is_closed(line)


def test_a_refused_file_is_answered_although_its_sender_goes_on(port: int) -> None:
    head = f"PATCH {reverse('upload', args=['forged'])} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n"
    with opened(port) as line:
        line.sendall(head.encode() + b"Content-Length: 2000000\r\n\r\n")
        for _piece in range(20):
            line.sendall(bytes(100_000))
        assert answered(line).status == HTTPStatus.NOT_FOUND
