"""Requests as they arrive: gunicorn's parser, fed by the web server's loop, which never waits for a byte."""

from tempfile import SpooledTemporaryFile
from typing import Any

from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.message import Request as GunicornRequest
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader

from fusus_portal.ground.serving import answers, limits
from fusus_portal.ground.serving.line import Line

END_OF_HEAD = b"\r\n\r\n"


class HeadTooLarge(Exception):
    """The head of a request is larger than HEAD_BYTES."""


class Arrived(Unreader):  # type: ignore[misc]
    """Bytes of a request so far. reads_line: a thread may wait for more. is_awaited: "100 Continue" is still due."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        self._collected: SpooledTemporaryFile[bytes] | None = None
        self.reads_line = False
        self.is_awaited = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        size = min(max(size_hint or 0, 64 * limits.KB), 256 * limits.KB)
        if self._collected is not None and (data := self._collected.read(size)):
            return data
        return self._received(size) if self.reads_line else b""

    def _received(self, size: int) -> bytes:
        if self.is_awaited:
            self.is_awaited = False
            self._line.sendall(answers.CONTINUE)
        return self._line.recv(size)

    def collect(self, data: bytes) -> None:
        """Store a piece of the body, in memory up to a megabyte, then in a nameless file."""
        if self._collected is None:
            self._collected = SpooledTemporaryFile(max_size=limits.MB)  # noqa: SIM115  (closed by `forget`)
        self._collected.write(data)

    def rewind(self) -> None:
        if self._collected is not None:
            self._collected.seek(0)

    def forget(self) -> None:
        if self._collected is not None:
            self._collected.close()
        self._collected = None


class Request(GunicornRequest):  # type: ignore[misc]
    """A request. A body that its view has not read remains on the line, so no other request can follow."""

    must_close: bool
    _expected_100_continue: bool

    def should_close(self) -> bool:
        """True if the connection ends with the answer; gunicorn asks before it sends the head, and after it."""
        self.must_close = self.must_close or not self.is_read
        return bool(super().should_close())

    def take_expectation(self) -> bool:
        """True, once, if the sender waits for "100 Continue"; gunicorn would send it before the view runs."""
        expected, self._expected_100_continue = self._expected_100_continue, False
        return expected

    @property
    def is_read(self) -> bool:
        """True if the next request can follow: the loop has collected the body, or a thread has read it whole."""
        if self.body.failed:
            return False
        reader = self.body.reader
        if not self.unreader.reads_line:
            return True
        return reader.length == 0 if isinstance(reader, LengthReader) else reader.parser is None


class Incoming(RequestParser):  # type: ignore[misc]
    """The requests of one connection in turn. missing: bytes of the collected body that have not arrived."""

    def __init__(self, cfg: Any, line: Line, client: Any) -> None:
        super().__init__(cfg, iter(()), client)
        self.unreader = Arrived(line)
        self._head = bytearray()
        self.missing = 0
        self.collected = 0

    def feed(self, data: bytes) -> Request | None:
        """Add bytes of a head; return the request once it is complete. Raises HeadTooLarge, and gunicorn's errors."""
        self._head += data
        if END_OF_HEAD not in self._head[: limits.HEAD_BYTES]:
            if len(self._head) >= limits.HEAD_BYTES:
                raise HeadTooLarge
            return None
        self.unreader.unread(bytes(self._head))
        self._head.clear()
        self.req_count += 1
        self.mesg = Request(self.cfg, self.unreader, self.source_addr, self.req_count)
        return self.mesg

    # The request that the loop has already read.
    def __next__(self) -> Request:
        return self.mesg

    next = __next__

    @property
    def has_begun(self) -> bool:
        return bool(self._head)

    @property
    def is_chunked(self) -> bool:
        return isinstance(self._reader, ChunkedReader)

    @property
    def length(self) -> int:
        """Bytes of the body, or 0 if unknown."""
        return self._reader.length if isinstance(self._reader, LengthReader) else 0

    def expect_body(self) -> None:
        self.missing = max(self.length - len(self.unreader.buf.getvalue()), 0)

    def collect(self, data: bytes) -> None:
        """Add bytes of the body, at most `missing`."""
        self.unreader.collect(data)
        self.missing -= len(data)
        self.collected += len(data)
        if not self.missing:
            self.unreader.rewind()

    def finish_body(self, deadline: float | None = None, max_bytes: int | None = None) -> bool:
        """Discard the unread body; False if the next request can't follow. Never waits for the sender."""
        if not self.mesg.is_read:
            return False
        body: Body = self.mesg.body
        while body.read(limits.MB):
            pass
        return True

    def next_head(self) -> bytes:
        self.unreader.forget()
        self.unreader.reads_line = False
        self.unreader.is_awaited = False
        self.collected = 0
        return bytes(self.unreader.take_buffered())

    @property
    def _reader(self) -> Any:
        return self.mesg.body.reader
