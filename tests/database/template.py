"""The template database: built once for each content, then copied."""

import hashlib
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psutil import pid_exists
from psycopg import sql

from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.database import bootstrap
from fusus_portal.ground.database.address import connection_settings
from fusus_portal.ground.database.owner import drop_sessions

BUILDING = 4107
"""Key of the advisory lock that one builder of a template holds."""

TEMPLATE = "portal_template_"
CLONE = "portal_test_"
TRIES = 5
NAP_SECONDS = 0.0005
SIGNS_IN_WITHIN = timedelta(seconds=3)
ENTERING = "SELECT pid, backend_start < clock_timestamp() - %s FROM pg_stat_activity WHERE state = 'starting'"

# In the databases of tests only: what the operator at the server writes, inside the transaction of a test.
AS_OWNER = """
CREATE SCHEMA operator AUTHORIZATION portal_owner;
GRANT USAGE ON SCHEMA operator TO portal_app;
CREATE FUNCTION operator.writes(statement text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  given bigint;
BEGIN
  IF statement ~ ' RETURNING ' THEN
    EXECUTE statement INTO given;
  ELSE
    EXECUTE statement;
    GET DIAGNOSTICS given = ROW_COUNT;
  END IF;
  RETURN given;
END $$;
ALTER FUNCTION operator.writes(text) OWNER TO portal_owner;
"""


READ = ("migrations", "first_documents")
"""Folders of an app that migrating reads."""


def content_hash() -> str:
    """Return a hash of all that the template is made from: SQL, migrations, Django."""
    digest = hashlib.sha256(django.__version__.encode())
    digest.update((bootstrap.cluster_sql() + bootstrap.database_sql() + AS_OWNER).encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        for folder in READ:
            for file in sorted((Path(app.path) / folder).rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    digest.update(f"{app.name}/{file.name}".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def template(server: Postgres) -> str:
    """Return the name of a finished template; being marked as one says it is finished."""
    name = TEMPLATE + content_hash()
    with server.connect() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [BUILDING])
        finished = "SELECT FROM pg_database WHERE datname = %s AND datistemplate"
        if admin.execute(finished, [name]).fetchone() is None:
            drop(admin, name)
            build(server, admin, name)
    return name


def build(server: Postgres, admin: psycopg.Connection, name: str) -> None:
    """Make the template as a deployment would: bootstrap, then migrate as the owner."""
    passwords = {role: server.passwords[role] for role in bootstrap.ROLES}
    bootstrap.prepare_cluster(admin, passwords)
    bootstrap.create_database(admin, name)
    with server.connect(database=name) as superuser:
        bootstrap.prepare_database(superuser)
    migrate(server, name)
    with server.connect(database=name) as superuser:
        superuser.execute(AS_OWNER)
        superuser.execute("VACUUM (FREEZE, ANALYZE)")
    admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true ALLOW_CONNECTIONS false").format(sql.Identifier(name)))


def migrate(server: Postgres, name: str) -> None:
    """Run the migrations in a database, signed in as the migrator."""
    saved: dict[str, Any] = dict(connection.settings_dict)
    connection.settings_dict.update(role_settings(server, "portal_app", name))
    settings.MIGRATOR_DATABASE = role_settings(server, "portal_migrator", name)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        drop_sessions(connection)
        settings.MIGRATOR_DATABASE = None
        connection.settings_dict.update(saved)


def role_settings(server: Postgres, role: str, name: str) -> dict[str, Any]:
    """Return Django's connection settings for a role."""
    return connection_settings("tests", server.address(role, name))


def clone(admin: psycopg.Connection, name: str, source: str) -> None:
    """Copy a template under a new name."""
    copy = sql.Identifier(name)
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(copy, sql.Identifier(source)))
    # A copy has not the rights of its template on the database itself (`rights.sql`).
    roles = sql.SQL(", ").join(map(sql.Identifier, bootstrap.ROLES))
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(copy))
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(copy, roles))


def drop(admin: psycopg.Connection, name: str) -> None:
    """Drop a database if it is there, ending the sessions in it, and those that somebody begins meanwhile.

    DROP ... FORCE naps 100 ms when it meets a closing session, so we wait here in small steps. A process that was
    halted while it signed in (SIGSTOP) would hold up the dropping for a minute, and on other days for ever.
    """
    end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
    while entering := admin.execute(ENTERING, [SIGNS_IN_WITHIN]).fetchall():
        for pid, is_late in entering:
            if is_late:
                admin.execute("SELECT pg_terminate_backend(%s)", [pid])
        time.sleep(NAP_SECONDS)
    dropping = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    for _try in range(TRIES):
        while admin.execute(end, [name]).fetchone() != (0,):
            time.sleep(NAP_SECONDS)
        with suppress(psycopg.errors.ObjectInUse):
            admin.execute(dropping)
            return
    admin.execute(dropping)


def drop_leftovers(server: Postgres, *, rebuild: bool) -> None:
    """Drop clones of runs that are no more; when nobody else runs, old templates too."""
    with server.connect() as admin:
        clones = names(admin, CLONE)
        dead = [name for name in clones if not pid_exists(int(name.split("_")[2]))]
        for name in dead:
            drop(admin, name)
        if dead != clones:
            return
        keep = "" if rebuild else TEMPLATE + content_hash()
        for name in names(admin, TEMPLATE):
            if name != keep:
                admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(name)))
                drop(admin, name)


def names(admin: psycopg.Connection, prefix: str) -> list[str]:
    """Return the names of databases that begin with a text."""
    found = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [name for (name,) in found.fetchall()]
