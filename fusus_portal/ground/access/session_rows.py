"""Session rows in the database. Anybody can make one with a public button, so new ones are limited for each network."""

from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase

from fusus_portal.ground.access.limits import spend

NEW_SESSIONS: Final = "300/h"
"""New sessions of one network: a whole office signs in from one network in the morning."""


class SessionStore(db.SessionStore):
    network: str | None = None

    def create(self) -> None:
        """Write the session's row. Raises TooManyRequests past the network's limit, CannotCount without the cache."""
        # A row that replaces another, as at a sign-in, is not counted.
        if self.network is not None and self.session_key is None:
            spend("new_session", NEW_SESSIONS, self.network)
        super().create()


def exempt_next_row(session: SessionBase) -> None:
    """Exempt the session's next row from the limit: its password was just proved."""
    if isinstance(session, SessionStore):
        session.network = None


def make_sure(session: SessionBase) -> None:
    """Write the session's row now, before an act whose result it alone holds. Raises as `SessionStore.create`."""
    if session.session_key is None:
        session.create()
