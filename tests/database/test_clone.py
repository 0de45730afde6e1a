"""The database of a test process, as the tests themselves need it."""

import socket
import struct
import time

from tests.database.clone import Clone

VERSION = 3 << 16
"""Of PostgreSQL's protocol."""


def test_a_session_that_is_half_begun_is_seen(portal_db: Clone) -> None:
    names = b"\0".join((b"user", b"portal_app", b"database", portal_db.name.encode(), b"\0"))
    with socket.socket(socket.AF_UNIX) as half:
        half.connect(str(portal_db.server.sockets / ".s.PGSQL.5432"))
        half.sendall(struct.pack("!II", 8 + len(names), VERSION) + names)
        assert half.recv(1) == b"R"  # it asks for the password
        assert portal_db.is_entered()
    deadline = time.monotonic() + 10
    while portal_db.is_entered():
        assert time.monotonic() < deadline
        time.sleep(0.05)
