"""The proxy of docs/nginx.conf keeps connections to the portal and gives them to anybody: none of them is broken."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from django.urls import reverse

from tests.peers.nginx import anybody, proxy
from tests.serving.lines import SECRET

pytestmark = pytest.mark.long

HONEST: Final = 300
BROWSERS: Final = 3
REFUSED: Final = 6
BODIES: Final = (b"x", b"x" * 3000, b"x" * 200_000)
FILE: Final = {
    "Host": "localhost",
    "Tus-Resumable": "1.0.0",
    "Upload-Offset": "0",
    "Content-Type": "application/offset+octet-stream",
}
FORM: Final = {
    "Host": "localhost",
    "Content-Type": "application/x-www-form-urlencoded",
    "Cookie": f"csrftoken={SECRET}",
    "Referer": "https://localhost/",
}


@pytest.fixture
def front(port: int, tmp_path: Path) -> Iterator[int]:
    """Run the proxy before the portal, and return its port."""
    with proxy(port, tmp_path / "nginx") as found:
        yield found


def ask(front: int, method: str, path: str, headers: dict[str, str], body: bytes) -> int:
    line = http.client.HTTPSConnection("localhost", front, timeout=30, context=anybody())
    try:
        line.request(method, path, body, headers)
        return line.getresponse().status
    finally:
        line.close()


@contextmanager
def refused_senders(front: int) -> Iterator[Counter[int]]:
    """Send files behind a link that nobody made, all the time; yield how often each status was answered."""
    path, ended, answers = reverse("upload", args=["forged"]), threading.Event(), Counter[int]()

    def send(number: int) -> None:
        while not ended.is_set():
            answers[ask(front, "PATCH", path, FILE, BODIES[number % len(BODIES)])] += 1

    with ThreadPoolExecutor(REFUSED) as senders:
        sending = [senders.submit(send, number) for number in range(REFUSED)]
        try:
            yield answers
        finally:
            ended.set()
    for each in sending:
        each.result()


def test_no_form_is_lost_beside_senders_that_are_refused(front: int) -> None:
    path, body = reverse("set_language"), f"csrfmiddlewaretoken={SECRET}&language=es".encode()
    with refused_senders(front) as refused, ThreadPoolExecutor(BROWSERS) as browsers:
        honest = list(browsers.map(lambda _number: ask(front, "POST", path, FORM, body), range(HONEST)))
    assert Counter(honest) == {302: HONEST}
    assert set(refused) == {404}
    assert refused.total() > HONEST // 10
