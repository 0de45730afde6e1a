"""One worker's database: a clone of the template, made anew after each test that commits."""

from collections.abc import Callable
from typing import ClassVar

import psycopg
from django.db import connection, connections

from audit.ledger.tree import tiles
from fusus_portal.demo.servers.postgres import SUPERUSER, Postgres
from fusus_portal.ground.database.owner import drop_sessions
from tests.database import template


class Clone:
    """The database of this process; `current` is the one that Django is connected to."""

    current: ClassVar["Clone"]

    def __init__(self, server: Postgres, name: str) -> None:
        self.server = server
        self.name = name
        self.admin = server.connect()
        self.source = template.template(server)
        self._worlds: set[str] = set()
        template.drop(self.admin, name)
        template.clone(self.admin, name, self.source)
        settings = template.role_settings(server, "portal_app", name)
        connection.settings_dict.update(settings)
        Clone.current = self

    def reset(self) -> None:
        """Replace the database by a fresh clone; all sessions end."""
        self._become(self.source)

    def begin_with(self, world: str, make: Callable[[], object]) -> None:
        """Let a test begin with the rows that `make` commits: the first test calls it, later ones get a copy.

        world: its name. A copy replaces all that the test committed before.
        """
        kept = f"{self.name}_{world}"
        if world in self._worlds:
            self._become(kept)
            return
        make()
        self.disconnect()
        template.clone(self.admin, kept, self.name)
        self._worlds.add(world)

    def remove(self) -> None:
        """Drop the database for good."""
        self.disconnect()
        for name in (self.name, *(f"{self.name}_{world}" for world in self._worlds)):
            template.drop(self.admin, name)
        self.admin.close()

    def _become(self, source: str) -> None:
        self.disconnect()
        template.drop(self.admin, self.name)
        template.clone(self.admin, self.name, source)
        tiles.forget()

    def disconnect(self) -> None:
        """Close what this thread holds open."""
        for opened in connections.all(initialized_only=True):
            drop_sessions(opened)

    def connect(self, role: str = SUPERUSER) -> psycopg.Connection:
        """Return a new connection in autocommit mode, signed in as a role of the portal or as superuser."""
        return self.server.connect(role, self.name)

    def address(self, role: str) -> str:
        """Return the URL with which a process signs in as a role."""
        return self.server.address(role, self.name)
