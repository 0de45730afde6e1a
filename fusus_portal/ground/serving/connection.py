import time
from enum import Enum, auto
from typing import Any

from gunicorn.workers.gthread import TConn

from fusus_portal.ground.serving import limits, networks
from fusus_portal.ground.serving.lanes import Lane, Route
from fusus_portal.ground.serving.line import Line
from fusus_portal.ground.serving.requests import Incoming


class Stage(Enum):
    HEAD = auto()
    BODY = auto()
    SERVED = auto()
    ANSWER = auto()
    IDLE = auto()
    ENDING = auto()
    CLOSED = auto()


class Connection(TConn):  # type: ignore[misc]
    """A client's line and its requests, in gunicorn's terms too. network: key of limits; "" until known."""

    def __init__(self, cfg: Any, line: Line, client: Any, server: Any, *, proxies: int) -> None:
        super().__init__(cfg, line, client, server)
        self.line = line
        self.parser = Incoming(cfg, line, client)
        self.initialized = True  # no thread need set up TLS or HTTP/2
        self.stage = Stage.HEAD
        self.way = Route(Lane.PAGES)
        self.keeps = False
        peer = client[0] if isinstance(client, tuple) else ""
        own = networks.network_of(networks.address_behind(peer, "", proxies=0))
        self.network = networks.UNKNOWN if proxies else own
        self._proxies = proxies
        self._pace = limits.Pace(limits.HEAD)
        self._since = time.monotonic()

    @property
    def held(self) -> int:
        """Bytes that the connection holds in memory: of a body, or of an answer."""
        return self.parser.collected + self.line.held

    @property
    def looks_at(self) -> float:
        """Time on the monotonic clock by which bytes must have moved."""
        return self._since + self._pace.left

    def enter(self, stage: Stage, rate: limits.Rate) -> None:
        self.stage, self._pace, self._since = stage, limits.Pace(rate), time.monotonic()

    def count(self, moved: int) -> None:
        """Count bytes that moved since the last call, or none. Raises TooSlow."""
        now = time.monotonic()
        self._pace.count(waited=now - self._since, moved=moved)
        self._since = now

    def identify(self) -> None:
        if self._proxies:
            headers = self.parser.mesg.headers
            forwarded = ",".join(value for name, value in headers if name == "X-FORWARDED-FOR")
            address = networks.address_behind("", forwarded, proxies=self._proxies)
            self.network = networks.network_of(address)

    def serve(self) -> None:
        self.stage = Stage.SERVED
        self.line.reading = limits.Pace(limits.VIDEO if self.way.lane is Lane.VIDEO else limits.FILE)
        self.line.writing = limits.Pace(limits.ANSWER)
        self.line.most_held = limits.HELD_FILE if self.way.lane is Lane.FILES else limits.HELD_ANSWER
        self.parser.unreader.reads_line = self.way.reads_line
        self.parser.unreader.is_awaited = self.parser.mesg.take_expectation()

    def close(self, graceful: bool = False) -> None:
        self.parser.unreader.forget()
        self.line.close()
