"""Migrates as the owner of the tables, if this release knows all migrations that were applied."""

from collections.abc import Iterator, Mapping, Set as AbstractSet
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from fusus_portal.ground.database.owner import as_owner

Key = tuple[str, str]


def must_be_known(connection: BaseDatabaseWrapper) -> None:
    """Raise CommandError for a database of a newer release or between two releases: migrating would stop half-way."""
    loader = MigrationLoader(connection, load=False)
    loader.load_disk()
    ours: Mapping[Key, Migration] = loader.disk_migrations or {}
    applied = set(MigrationRecorder(connection).applied_migrations())
    if odd := sorted({*_unknown(ours, applied), *_incomplete(ours, applied)}):
        raise CommandError(
            f"This release does not know the state of the database. Nothing was changed. {'; '.join(odd)}. It comes "
            "from a newer release, or from a commit between two releases: migrate with the release that made it, or "
            "restore the backup of before."
        )


def _unknown(ours: Mapping[Key, Migration], applied: AbstractSet[Key]) -> Iterator[str]:
    replaced = {key for migration in ours.values() for key in migration.replaces}
    for app, name in applied - set(ours) - replaced:
        yield f"{app}.{name} was applied and is not in this release"


def _incomplete(ours: Mapping[Key, Migration], applied: AbstractSet[Key]) -> Iterator[str]:
    """Yield each squashed migration if some of its migrations were applied and others are gone."""
    for (app, name), migration in ours.items():
        replaced = set(migration.replaces)
        missing = replaced - applied - set(ours)
        if missing and ((app, name) in applied or replaced & applied):
            gone = ", ".join(sorted(".".join(key) for key in missing))
            yield f"{app}.{name} is in place of {gone}, which was not applied"


class Command(Migrate):
    def execute(self, *args: Any, **options: Any) -> str | None:
        """Migrate. Raises CommandError outside the deploy step, or for a database with another history."""
        # Here and not in handle(): the database checks run before handle().
        if options["check_unapplied"] or options["plan"]:
            return super().execute(*args, **options)
        with as_owner(options["database"]) as connection:
            must_be_known(connection)
            return super().execute(*args, **options)
