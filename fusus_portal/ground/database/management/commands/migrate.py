from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from fusus_portal.ground.database.history import must_be_known
from fusus_portal.ground.database.owner import as_owner


class Command(Migrate):
    """Django's migrate, run as the owner of the tables."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Migrate. Raises CommandError outside the deploy step, or for a database with another history."""
        # Here and not in handle(): the database checks run before handle().
        if options["check_unapplied"] or options["plan"]:
            return super().execute(*args, **options)
        with as_owner(options["database"]) as connection:
            must_be_known(connection)
            return super().execute(*args, **options)
