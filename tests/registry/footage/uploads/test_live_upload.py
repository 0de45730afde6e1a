"""Files sent to a real gunicorn by clients that are not ours, over lines that break."""

import hashlib
import http.client
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from registry.canvasses.models import FootageRequest
from registry.footage import storage
from registry.footage.models import Evidence
from tests.factories import owner_of, request_at
from tests.peers.portal import Portal
from tests.peers.web import WebServer
from tests.people import sign_in
from tests.registry.footage.footage import video
from tests.registry.footage.uploads.tus_client import arrived, begin, half_sent, received, send

SECONDS = 20.0
HALF = 3 * storage.PIECE // 2
REASON = "Look for the grey van that neighbors saw leave the alley"


@pytest.fixture
def asked(portal_db: object) -> FootageRequest:
    """A request that waits for an answer."""
    return request_at("sent")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A real video on the owner's disk."""
    path = tmp_path / "Front door.mp4"
    path.write_bytes(video(3) + bytes(3 * storage.PIECE))
    return path


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_tuspy_sends_a_video_and_its_giver_gets_the_proof(web: Portal, asked: FootageRequest, recording: Path) -> None:
    told = received(send(web.url, asked, recording, chunk=500_000))
    assert told["state"] == "received"
    assert told["sha256"] == hashlib.sha256(recording.read_bytes()).hexdigest()
    assert told["number"] == Evidence.objects.get().number
    assert told["kept_until"] == Evidence.objects.get().kept_until.isoformat()

    def proof() -> str:
        letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in web.mail.glob("*.eml")]
        mine = [letter for letter in letters if letter["To"] == owner_of(asked).email]
        return "".join(str(letter.get_body(("plain",)).get_content()) for letter in mine)  # type: ignore[union-attr]

    until(lambda: told["sha256"] in proof())

    browser = sign_in(asked.incident.opened_by)
    browser.post(reverse("evidence", args=[Evidence.objects.get().pk]), {"reason": REASON, "act": "view"})
    port = urlsplit(web.url).port or 80
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": f"sessionid={browser.session.session_key}", "Range": "bytes=1000-1999"}
    line.request("GET", reverse("evidence_stream", args=[Evidence.objects.get().pk]), headers=headers)
    answer = line.getresponse()
    assert (answer.status, answer.read()) == (206, recording.read_bytes()[1000:2000])
    line.close()


def a_line_that_breaks_loses_nothing_that_arrived(
    web_server: WebServer, asked: FootageRequest, recording: Path
) -> None:
    content = recording.read_bytes()
    url = begin(web_server.url, asked, recording)
    with half_sent(url, at=0, declared=len(content), content=content[:HALF]):
        until(lambda: arrived(url) > 0)
    until(lambda: arrived(url) == HALF)
    send(web_server.url, asked, recording, url=url)
    assert arrived(url) == len(content)


def a_second_window_is_told_that_the_first_one_sends(
    web_server: WebServer, asked: FootageRequest, recording: Path
) -> None:
    content = recording.read_bytes()
    url = begin(web_server.url, asked, recording)
    with half_sent(url, at=0, declared=len(content), content=content[:HALF]) as first:
        until(lambda: arrived(url) > 0)
        with half_sent(url, at=0, declared=5, content=content[:5]) as second:
            assert second.recv(200).startswith(b"HTTP/1.1 423 ")
        first.sendall(content[HALF:])
        assert first.recv(200).startswith(b"HTTP/1.1 204 ")
    assert arrived(url) == len(content)


def a_web_process_that_is_killed_loses_nothing_that_arrived(
    web_server: WebServer, asked: FootageRequest, recording: Path
) -> None:
    content = recording.read_bytes()
    url = begin(web_server.url, asked, recording)
    with half_sent(url, at=0, declared=len(content), content=content[:HALF]):
        until(lambda: arrived(url) > 0)
        web_server.kill()
    web_server.start()
    assert 0 < arrived(url) <= HALF
    send(web_server.url, asked, recording, url=url)
    assert arrived(url) == len(content)


def bytes_in_chunks_of_unknown_number_are_taken(web_server: WebServer, asked: FootageRequest, recording: Path) -> None:
    content = recording.read_bytes()
    url = urlsplit(begin(web_server.url, asked, recording))
    line = http.client.HTTPConnection("127.0.0.1", url.port or 80, timeout=30)
    headers = {
        "Tus-Resumable": "1.0.0",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": "0",
        "Transfer-Encoding": "chunked",
    }
    for extra, status, offset in ((b"too much", 413, None), (b"", 204, str(len(content)))):
        line.request("PATCH", url.path, iter([content[:999], content[999:], extra]), headers, encode_chunked=True)
        answer = line.getresponse()
        answer.read()
        assert (answer.status, answer.headers["Upload-Offset"]) == (status, offset)
    line.close()


def a_sender_that_asks_first_is_told_to_go_on(web_server: WebServer, asked: FootageRequest, recording: Path) -> None:
    """Its link is judged before; the line is kept, since the file was read whole."""
    url, content = begin(web_server.url, asked, recording), recording.read_bytes()[:50_000]
    with half_sent(url, at=0, declared=len(content), content=b"", more=("Expect: 100-continue",)) as line:
        assert line.recv(200) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(content)
        answer = line.recv(2000)
        assert answer.startswith(b"HTTP/1.1 204 ")
        assert b"Connection: keep-alive" in answer


STORIES = (
    a_line_that_breaks_loses_nothing_that_arrived,
    a_second_window_is_told_that_the_first_one_sends,
    bytes_in_chunks_of_unknown_number_are_taken,
    a_sender_that_asks_first_is_told_to_go_on,
    a_web_process_that_is_killed_loses_nothing_that_arrived,
)


def test_a_server_takes_what_comes_over_lines_that_break(
    web_server: WebServer, recording: Path, subtests: pytest.Subtests
) -> None:
    """Each story has a request of its own; the server is one, since it takes seconds to start."""
    for story in STORIES:
        with subtests.test(story=story.__name__):
            story(web_server, request_at("sent"), recording)
