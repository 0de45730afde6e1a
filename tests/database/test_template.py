"""The databases of a test process are replaced whatever other processes were doing."""

import socket
import struct

from tests.database.clone import Clone

VERSION = 3 << 16
"""Of PostgreSQL's protocol."""


def test_a_session_that_is_half_begun_holds_up_nothing(portal_db: Clone) -> None:
    names = b"\0".join((b"user", b"portal_app", b"database", portal_db.name.encode(), b"\0"))
    with socket.socket(socket.AF_UNIX) as half:
        half.connect(str(portal_db.server.sockets / ".s.PGSQL.5432"))
        half.sendall(struct.pack("!II", 8 + len(names), VERSION) + names)
        assert half.recv(1) == b"R"  # it asks for the password
        portal_db.reset()
        half.settimeout(1)
        with half.makefile("rb") as said:
            said.read()  # to the end: the server has ended it
