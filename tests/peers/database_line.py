"""A line to PostgreSQL that says what goes over it, and that can be cut between a commit and its answer."""

import select
import socket
import threading
from typing import Self

COMMIT = b"COMMIT\0"


class DatabaseLine:
    """Passes everything on between one client at a time and the server's socket."""

    def __init__(self, server: str) -> None:
        """server: the path of its socket."""
        self._server = server
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._passing = threading.Thread(target=self._pass, daemon=True)
        self.port: int = self._listening.getsockname()[1]
        self.sent: list[bytes] = []
        """The messages that the client sent."""
        self.cut_after_commit = False
        """True to let the next commit reach the server, and its answer not the client."""

    def __enter__(self) -> Self:
        self._passing.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._passing.join(timeout=5)
        self._listening.close()

    def _pass(self) -> None:
        while True:
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            with client, socket.socket(socket.AF_UNIX) as server:
                server.connect(self._server)
                self._pass_for(client, server)

    def _pass_for(self, client: socket.socket, server: socket.socket) -> None:
        while True:
            readable, _, _ = select.select([client, server], [], [])
            if client in readable:
                asked = client.recv(1 << 16)
                if not asked:
                    return
                self.sent.append(asked)
                server.sendall(asked)
                if self.cut_after_commit and COMMIT in asked:
                    server.recv(1)  # it is done: the answer is on its way
                    return
            if server in readable:
                answered = server.recv(1 << 16)
                if not answered:
                    return
                client.sendall(answered)
