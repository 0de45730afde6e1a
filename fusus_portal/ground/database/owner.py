"""Run a block as `portal_owner`, on the application's connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper

OWNER = "portal_owner"


@contextmanager
def as_owner(alias: str = "default") -> Iterator[BaseDatabaseWrapper]:
    """Connect as the migrator, who acts as the tables' owner. Raises CommandError for a missing or wrong address."""
    connection = connections[alias]
    migrator: dict[str, Any] | None = settings.MIGRATOR_DATABASE
    if migrator is None:
        raise CommandError(
            "MIGRATOR_DATABASE_URL is not set: only the deploy step and the operator at the server sign in with it.",
        )
    if migrator["NAME"] != connection.settings_dict["NAME"]:
        raise CommandError("MIGRATOR_DATABASE_URL names another database than DATABASE_URL.")
    with signed_in(migrator, alias):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user::text")
            [role] = cursor.fetchone() or ("nobody",)
        if role != OWNER:
            raise CommandError(f"Tables are changed as {OWNER}, not as {role}: run bootstrapdb first.")
        yield connection


@contextmanager
def signed_in(login: dict[str, Any], alias: str = "default") -> Iterator[None]:
    connection = connections[alias]
    saved = dict(connection.settings_dict)
    drop_sessions(connection)
    connection.settings_dict.update(login)
    try:
        yield
    finally:
        drop_sessions(connection)
        connection.settings_dict.clear()
        connection.settings_dict.update(saved)


def drop_sessions(connection: BaseDatabaseWrapper) -> None:
    connection.close()
    if isinstance(connection, DatabaseWrapper):
        connection.close_pool()
