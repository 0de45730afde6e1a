from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fusus_portal.ground import env
from fusus_portal.ground.database import bootstrap

VARIABLE = "SUPERUSER_DATABASE_URL"
MAINTENANCE = "postgres"
"""A database that every cluster has; the portal's own may not exist yet."""


class Command(BaseCommand):
    help = "Makes database roles, rights and the guard of sealed tables, as superuser."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", dest="only_print")

    def handle(self, *, only_print: bool, **options: Any) -> None:
        name = settings.DATABASES["default"]["NAME"]
        if only_print:
            self.stdout.write(bootstrap.script(name))
            return
        address = env.text(VARIABLE)
        if not address:
            raise CommandError(
                f"{VARIABLE} is not set: give the output of `bootstrapdb --print` to the database administrator.",
            )
        try:
            with psycopg.connect(address, dbname=MAINTENANCE, autocommit=True) as connection:
                bootstrap.prepare_cluster(connection, passwords())
                bootstrap.create_database(connection, name)
            with psycopg.connect(address, dbname=name, autocommit=True) as connection:
                bootstrap.prepare_database(connection)
        except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
            raise CommandError(f"{VARIABLE} can't be used: {error}") from error
        self.stdout.write(f"{name}: roles, rights and guard are in place.")


def passwords() -> dict[str, str]:
    addresses = [
        settings.DATABASES["default"],
        settings.SEALER_DATABASE,
        settings.MIGRATOR_DATABASE,
    ]
    return {
        address["USER"]: address["PASSWORD"]
        for address in addresses
        if address and address["PASSWORD"] and address["USER"] in bootstrap.ROLES
    }
