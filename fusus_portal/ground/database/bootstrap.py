"""Bootstrap by a superuser: roles, rights, and the guard of sealed tables."""

from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

DIRECTORY = Path(__file__).parent / "sql"
CLUSTER = ("roles.sql",)
DATABASE = ("rights.sql", "fingerprint.sql", "guard.sql")
ROLES = ("portal_migrator", "portal_app", "portal_sealer")


def cluster_sql() -> str:
    return "\n".join((DIRECTORY / name).read_text(encoding="utf-8") for name in CLUSTER)


def database_sql() -> str:
    return "\n".join((DIRECTORY / name).read_text(encoding="utf-8") for name in DATABASE)


def script(database: str) -> str:
    """Return roles, database, rights and guard as one psql script, for the people who run the database."""
    create = (
        "SELECT format('CREATE DATABASE %I', :'database') "
        "WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \\gexec"
    )
    return "\n".join(
        [
            "\\set ON_ERROR_STOP on",
            "\\set database '" + database.replace("'", "''") + "'",
            cluster_sql(),
            create,
            '\\connect :"database"',
            database_sql(),
            "-- Then give a password to each of: " + ", ".join(ROLES),
            "",
        ],
    )


def prepare_cluster(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles and set the given passwords, by role; hashed here, so the server's log never has their text."""
    connection.execute(cluster_sql().encode())
    for role, password in passwords.items():
        hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(hashed.decode())))


def create_database(connection: psycopg.Connection, name: str) -> None:
    """Create the database unless it exists. The connection must be in autocommit mode."""
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def prepare_database(connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute(database_sql().encode())
