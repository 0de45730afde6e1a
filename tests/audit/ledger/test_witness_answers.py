"""Whatever a witness answers, its own signature of this checkpoint is published with it, and nothing else is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.conf import LazySettings

from audit.ledger.models import Publication
from audit.ledger.notes import COSIGNATURE, DASH, Signer, read_note
from audit.ledger.witnesses import LONGEST_ANSWER
from tests.audit.ledger.conftest import write_entries
from tests.audit.ledger.test_witnesses import open_alarms
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

ODD = Signer("odd.test", b"o" * 32, COSIGNATURE)
STRANGER = Signer("stranger.test", b"s" * 32, COSIGNATURE)

Answer = Callable[[BaseHTTPRequestHandler, str], None]


def says(status: int, text: str = "", **headers: str) -> Answer:
    """Return what answers so."""

    def answer(handler: BaseHTTPRequestHandler, _offered: str) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text.encode())))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return answer


def signs(length: int) -> Answer:
    """Return what answers with a good signature and one of a long name, so many bytes together."""

    def answer(handler: BaseHTTPRequestHandler, offered: str) -> None:
        signature = ODD.line(read_note(offered.partition("\n\n")[2]).text, at=1)
        beside = f"{DASH}{{}} AAAAAAAA\n"
        name = "x" * (length - len((signature + beside.format("")).encode()))
        says(200, signature + beside.format(name))(handler, offered)

    return answer


ANSWERS = {
    "a failure": says(500),
    "an unknown log": says(404),
    "an unknown key": says(403),
    "a redirect": says(302, Location="/elsewhere/add-checkpoint"),
    "no note": says(200, "signed!\n"),
    "no bytes of text": says(200, "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")),
    "somebody else's signature": says(200, STRANGER.line("other\n1\nx\n", at=1)),
    "its own signature of something else": says(200, ODD.line("x\n", at=1)),
    "more than anybody wants": signs(LONGEST_ANSWER + 1),
}


@contextmanager
def witness(answer: Answer, settings: LazySettings) -> Iterator[list[str]]:
    """Run a witness that answers so, for the time of a block; offer the addresses that it is asked."""
    asked: list[str] = []

    class Odd(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            offered = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(self.path)
            answer(self, offered)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Odd)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.LEDGER_WITNESSES = [f"{ODD.verifier} http://127.0.0.1:{server.server_port}/prefix"]
    yield asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ANSWERS)
def test_an_odd_answer_is_no_signature(name: str, sealed_log: SealedLog, settings: LazySettings) -> None:
    write_entries(1)
    with witness(ANSWERS[name], settings) as asked:
        sealed_log.seal_and_publish()
    assert asked == ["/prefix/add-checkpoint"]
    assert len(read_note(Publication.objects.get().note).signatures) == 1
    assert open_alarms() == ["witness-silent"]


def test_its_own_signature_is_taken_from_among_others(sealed_log: SealedLog, settings: LazySettings) -> None:
    write_entries(1)
    with witness(signs(LONGEST_ANSWER), settings):
        sealed_log.seal_and_publish()
    note = read_note(Publication.objects.get().note)
    assert [name for name, _key_id, _signature in note.signatures] == [sealed_log.signer.name, ODD.name]
    assert note.signed_by(ODD.verifier)
    assert open_alarms() == []
