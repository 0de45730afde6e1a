"""Sessions in the database, a bounded number of new ones for each network: anybody may make one by a button."""

from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase

from fusus_portal.ground.access.limits import spend

NEW_SESSIONS: Final = "300/h"
"""A whole office signs in from one network in the morning."""


class SessionStore(db.SessionStore):
    """Django's. network: from where a request asks, None where nothing does."""

    network: str | None = None

    def create(self) -> None:
        """Make a row. One that takes the place of another, as at a sign-in, is not counted.

        Raises TooManyRequests for a network that made too many, CannotCount while nobody can tell.
        """
        if self.network is not None and self.session_key is None:
            spend("new_session", NEW_SESSIONS, self.network)
        super().create()


def is_proved(session: SessionBase) -> None:
    """Let the next row be made whatever the network made before: a password was proved for it just now."""
    if isinstance(session, SessionStore):
        session.network = None


def make_sure(session: SessionBase) -> None:
    """Make the row now, if there is none yet: before an act that is of use only with what the session will hold.

    Raises as `SessionStore.create`.
    """
    if session.session_key is None:
        session.create()
