"""An answer that leaves the body of its request on the line says that the line ends, so nobody sends on it again."""

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Final

import pytest
from django.urls import reverse

from tests.serving.lines import Answer, answered, is_closed, opened

CREATED: Final = "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream"
BODY: Final = b"x" * 4000
CHUNKED: Final = b"5\r\nhello\r\n0\r\n\r\n"


def refused(name: str, args: list[str], method: str, *more: str) -> bytes:
    """Return the head of a request that is refused before its body is read."""
    rows = [f"{method} {reverse(name, args=args)} HTTP/1.1", "Host: localhost", *more]
    return "\r\n".join([*rows, "", ""]).encode()


WITH_BODIES: Final = {
    "a file of a forged link": ("upload", ["forged"], "PATCH", CREATED),
    "a form with a file": ("reply_footage", ["forged"], "POST", "Content-Type: multipart/form-data; boundary=x"),
    "live video": ("core_stream", ["6a5e4f9c-0f0c-4f3c-8a54-000000000000", "1.ts"], "PUT", "Content-Type: video/mp2t"),
    "streets": ("street_list", [], "POST", CREATED),
}


@pytest.mark.parametrize("kind", WITH_BODIES)
def test_an_answer_without_its_body_read_says_that_the_line_ends(port: int, kind: str) -> None:
    name, args, method, more = WITH_BODIES[kind]
    request = refused(name, args, method, more, f"Content-Length: {len(BODY)}") + BODY
    with opened(port) as line:
        line.sendall(request)
        assert ends(answered(line))
        assert is_closed(line)


def test_so_does_one_to_a_body_of_unknown_length(port: int) -> None:
    request = refused("upload", ["forged"], "PATCH", CREATED, "Transfer-Encoding: chunked") + CHUNKED
    with opened(port) as line:
        line.sendall(request)
        assert ends(answered(line))
        assert is_closed(line)


def test_a_refused_request_without_a_body_keeps_its_line(port: int) -> None:
    request = refused("upload", ["forged"], "PATCH", CREATED, "Content-Length: 0")
    with opened(port) as line:
        for _number in range(2):
            line.sendall(request)
            answer = answered(line)
            assert answer.status == HTTPStatus.NOT_FOUND
            assert not ends(answer)


def test_no_request_is_lost_by_senders_that_believe_what_is_said(port: int) -> None:
    """Each sends on the same line as long as it is said to be kept, as a proxy's pool does."""
    with ThreadPoolExecutor(6) as senders:
        assert list(senders.map(lambda _number: statuses(port, 10), range(6))) == [[404] * 10] * 6


def test_a_refused_sender_is_not_asked_for_its_body(port: int) -> None:
    head = refused("upload", ["forged"], "PATCH", CREATED, "Expect: 100-continue", "Content-Length: 9000000")
    with opened(port) as line:
        line.sendall(head)
        answer = answered(line)
        assert answer.status == HTTPStatus.NOT_FOUND
        assert ends(answer)


def ends(answer: Answer) -> bool:
    return "connection: close" in answer.head.lower().splitlines()


def statuses(port: int, count: int) -> list[int]:
    request = refused("upload", ["forged"], "PATCH", CREATED, f"Content-Length: {len(BODY)}") + BODY
    found: list[int] = []
    while len(found) < count:
        with opened(port) as line:
            kept = True
            while kept and len(found) < count:
                line.sendall(request)
                answer = answered(line)
                found.append(answer.status)
                kept = not ends(answer)
    return found
