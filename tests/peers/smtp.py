"""A real SMTP server on loopback that remembers what it took, and can refuse or keep a sender waiting."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class SmtpPeer:
    """received: every message that was taken, in order, the ones whose sender got no answer included.

    refuse_data: the answer to the next messages instead of taking them, for example "451 try later".
    refuse_receiver: the same, to the receiver's address.
    hold_after: when this many were taken, senders get no answer until `let_go` is set; `holding` tells so.
    seconds: how long a sender waits for each answer to a message.
    """

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    refuse_data: str = ""
    refuse_receiver: str = ""
    hold_after: int | None = None
    holding: Event = field(default_factory=Event)
    let_go: Event = field(default_factory=Event)
    seconds: float = 0.0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a receiver."""
        if self.refuse_receiver:
            return self.refuse_receiver
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take or refuse a message."""
        if self.refuse_data:
            return self.refuse_data
        await asyncio.sleep(self.seconds)
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(message_from_bytes(content, policy=policy.default))
        if self.hold_after is not None and len(self.received) >= self.hold_after:
            self.holding.set()
            await asyncio.to_thread(self.let_go.wait)
        return "250 OK"

    @property
    def message_ids(self) -> list[str]:
        """The Message-ID of each message taken, in order, repeated where one came twice."""
        return [str(message["Message-ID"]) for message in self.received]


class _AnyPort(Controller):
    """A controller that takes a free port (`port=0`) and learns which."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def smtp_peer() -> Iterator[SmtpPeer]:
    """Run the server in a thread; `port` is where it listens on 127.0.0.1."""
    peer = SmtpPeer()
    controller = _AnyPort(peer, hostname="127.0.0.1", port=0)
    controller.start()
    peer.port = controller.port
    try:
        yield peer
    finally:
        peer.let_go.set()
        controller.stop()
