"""gunicorn's threaded worker, with a loop that collects requests and sends answers without a thread.

Threads read only files and live video. Every connection is held to a pace (docs/decisions/ground/slow-senders.md).
"""

import errno
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from django.conf import settings
from gunicorn.errors import ConfigError
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from fusus_portal.ground.serving import answers, limits
from fusus_portal.ground.serving.connection import Connection, Stage
from fusus_portal.ground.serving.lanes import way_to
from fusus_portal.ground.serving.line import Line
from fusus_portal.ground.serving.requests import HeadTooLarge, Request
from fusus_portal.ground.serving.threads import LaneThreads

A_READ: Final = 64 * limits.KB
LOOKED_AT_EVERY: Final = 0.25
WITHOUT_A_FILE: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
NOBODY: Final = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED}
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Worker(ThreadWorker):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: set[Connection] = set()
        self._networks: Counter[str] = Counter()
        self._looked_at = 0.0
        self._slow = 0

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:  # noqa: ARG003  (gunicorn's signature)
        if cfg.is_ssl or cfg.proxy_protocol != "off" or cfg.http2_cleartext != "off":
            raise ConfigError("TLS, HTTP/2 and the PROXY protocol are for the proxy in front (docs/operations.md).")

    def get_thread_pool(self) -> LaneThreads:
        limits.allow_open_files()
        return LaneThreads(self.cfg.threads)

    def run(self) -> None:
        """Serve requests. Loads the URL patterns first; the first request would wait for them."""
        way_to("/", has_body=False)
        super().run()

    # --- A connection comes ---

    def accept(self, listener: socket.socket) -> None:
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in WITHOUT_A_FILE:
                self._make_room(lambda _each: 1)
            elif error.errno not in NOBODY:
                raise
            return
        proxies = settings.TRUSTED_PROXY_COUNT
        conn = Connection(self.cfg, Line(sock), client, listener.getsockname(), proxies=proxies)
        self.nr_conns += 1
        self._networks[conn.network] += 1
        if conn.network and self._networks[conn.network] > limits.OF_ONE_NETWORK:
            self._close(conn)
            return
        if self.nr_conns >= self.worker_connections:
            self._make_room(lambda _each: 1)
        self._wait(conn, Stage.HEAD, limits.HEAD)

    # --- What arrives ---

    def _readable(self, conn: Connection) -> None:
        wanted = min(A_READ, conn.parser.missing) if conn.stage is Stage.BODY else A_READ
        data = conn.line.take(wanted)
        if not data:
            self._close(conn)
            return
        if conn.stage is Stage.IDLE:
            conn.enter(Stage.HEAD, limits.HEAD)
        conn.count(len(data))
        if conn.stage is Stage.HEAD:
            self._head(conn, data)
        elif conn.stage is Stage.BODY:
            conn.parser.collect(data)
            if not conn.parser.missing:
                self._serve(conn)

    def _head(self, conn: Connection, data: bytes) -> None:
        try:
            request = conn.parser.feed(data)
        except HeadTooLarge:
            self._answer(conn, answers.HEAD_TOO_LARGE)
        except Exception as error:
            self.handle_error(None, conn.line, conn.client, error)
            self._finish(conn, keeps=False)
        else:
            if request is not None:
                self._route(conn, request)

    def _route(self, conn: Connection, request: Request) -> None:
        self._networks[conn.network] -= 1
        conn.identify()
        self._networks[conn.network] += 1
        incoming = conn.parser
        has_body = incoming.is_chunked or incoming.length > 0
        conn.way = way_to(request.path, has_body=has_body)
        if conn.way.reads_line or not has_body:
            self._serve(conn)
        elif incoming.is_chunked:
            self._answer(conn, answers.LENGTH_REQUIRED)
        elif incoming.length > limits.FORM_BYTES:
            self._answer(conn, answers.BODY_TOO_LARGE)
        else:
            self._collect(conn, request)

    def _collect(self, conn: Connection, request: Request) -> None:
        conn.parser.expect_body()
        if not conn.parser.missing:
            self._serve(conn)
            return
        if request.take_expectation():
            conn.line.sendall(answers.CONTINUE)
        self._wait(conn, Stage.BODY, limits.FORM)

    # --- A thread serves ---

    def _serve(self, conn: Connection) -> None:
        lane, network, body = conn.way.lane, conn.network, conn.parser.collected
        if network and self._networks[network] > limits.OF_ONE_NETWORK:
            self._answer(conn, answers.TOO_MANY)
            return
        if not self.tpool.has_room(lane, network, body=body):
            self._answer(conn, answers.NO_ROOM)
            return
        self._leave_loop(conn)
        conn.serve()
        served = self.tpool.submit(lane, network, partial(self.handle, conn), body=body)
        served.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))

    def finish_request(self, conn: Connection, fs: "Future[bool]") -> None:
        self.tpool.done(conn.way.lane, conn.network, body=conn.parser.collected, served=not fs.cancelled())
        if fs.cancelled():
            self._guarded(conn, lambda: self._answer(conn, answers.NO_ROOM))
        else:
            self._guarded(conn, lambda: self._finish(conn, keeps=bool(fs.result())))

    # --- What is sent ---

    def _answer(self, conn: Connection, answer: answers.Answer) -> None:
        conn.line.most_held = limits.HELD_ANSWER
        conn.line.sendall(answer.as_bytes())
        self._finish(conn, keeps=False)

    def _finish(self, conn: Connection, *, keeps: bool) -> None:
        conn.keeps = keeps
        if conn.line.held:
            self._wait(conn, Stage.ANSWER, limits.ANSWER, WRITE)
        elif keeps:
            self._next(conn)
        else:
            conn.line.end_writing()
            self._wait(conn, Stage.ENDING, limits.LINGER)

    def _writable(self, conn: Connection) -> None:
        conn.count(conn.line.flush())
        if not conn.line.held:
            self._finish(conn, keeps=conn.keeps)

    def _next(self, conn: Connection) -> None:
        begun = conn.parser.next_head()
        if begun:
            self._wait(conn, Stage.HEAD, limits.HEAD)
            self._head(conn, begun)
        else:
            seconds = self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER
            self._wait(conn, Stage.IDLE, limits.Rate(1, seconds))

    # --- The loop ---

    def _wait(self, conn: Connection, stage: Stage, rate: limits.Rate, event: int = READ) -> None:
        conn.enter(stage, rate)
        if conn in self._waiting:
            self.poller.modify(conn.line, event, self._event_of(conn, event))
        else:
            self.poller.register(conn.line, event, self._event_of(conn, event))
            self._waiting.add(conn)

    def _event_of(self, conn: Connection, event: int) -> Callable[[Any], None]:
        moved = self._writable if event == WRITE else self._readable
        return lambda _fileobj: self._guarded(conn, partial(moved, conn))

    def _guarded(self, conn: Connection, act: Callable[[], None]) -> None:
        """Run an act on a connection; let an error end this connection, never the loop."""
        if conn.stage is Stage.CLOSED:  # by an earlier act of the loop
            return
        try:
            act()
        except BlockingIOError:
            pass
        except limits.TooSlow:
            self._too_slow(conn)
        except OSError:
            self._close(conn)
        except Exception:
            self.log.exception("A connection is given up.")
            self._close(conn)

    def _too_slow(self, conn: Connection) -> None:
        self._slow += conn.stage in {Stage.HEAD, Stage.BODY, Stage.ANSWER}
        if conn.stage is Stage.BODY or (conn.stage is Stage.HEAD and conn.parser.has_begun):
            self._guarded(conn, lambda: self._answer(conn, answers.TOO_SLOW))
        else:
            self._close(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Check the pace of all connections that the loop holds, and their memory; force: close them all."""
        now = time.monotonic()
        if not force and now < self._looked_at + LOOKED_AT_EVERY:
            return
        self._looked_at = now
        for conn in [each for each in self._waiting if force or each.looks_at <= now]:
            if force:
                self._close(conn)
            else:
                self._guarded(conn, partial(conn.count, 0))
        held = self.tpool.held + sum(conn.held for conn in self._waiting)
        while held > limits.HELD:
            held -= self._make_room(lambda each: each.held)
        if self._slow:
            self.log.info("%d connections were too slow.", self._slow)
            self._slow = 0

    def murder_pending(self) -> None:
        """Do nothing: unlike gunicorn's own worker, this one has no pending connections."""

    def _cap_keepalive(self, deadline: float) -> None:
        """Give idle connections until the deadline to begin a request, while the worker stops."""
        for conn in self._waiting:
            if conn.stage is Stage.IDLE or (conn.stage is Stage.HEAD and not conn.parser.has_begun):
                conn.enter(Stage.IDLE, limits.Rate(1, max(deadline - time.monotonic(), 0)))

    def _make_room(self, weight: Callable[[Connection], int]) -> int:
        """Close the heaviest connection of the network with the most weight; return its weight."""
        networks: Counter[str] = Counter()
        for each in self._waiting:
            networks[each.network] += weight(each)
        if not networks:
            return limits.HELD
        [(most, _weight)] = networks.most_common(1)
        theirs = [each for each in self._waiting if each.network == most]
        heaviest = max(theirs, key=lambda each: (weight(each), -each.looks_at))
        found = weight(heaviest)
        self._close(heaviest)
        return found

    def _leave_loop(self, conn: Connection) -> None:
        if conn in self._waiting:
            self._waiting.remove(conn)
            self.poller.unregister(conn.line)

    def _close(self, conn: Connection) -> None:
        if conn.stage is Stage.CLOSED:
            return
        conn.stage = Stage.CLOSED
        self._leave_loop(conn)
        self.nr_conns -= 1
        self._networks[conn.network] -= 1
        self._networks += Counter()
        conn.close()
