"""System checks of the log's guard (`manage.py check --database default`). The hourly check runs them too."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

SEALED = ("audit_entry", "audit_bundle", "audit_tile", "audit_checkpoint", "audit_publication", "audit_key")
"""Tables whose definition is sealed. Leaves move into bundles, so their table is not (ledger-tree.md)."""

LOGIN = """
SELECT current_user::text, session_user::text,
       (SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = session_user),
       pg_has_role(session_user, 'portal_owner', 'MEMBER'),
       to_regclass('audit_guard.sealed') IS NOT NULL
         AND NOT EXISTS (SELECT FROM unnest(%s::text[]) AS name WHERE to_regclass('public.' || name) IS NULL)
"""
CAN_CHANGE = """
SELECT name FROM unnest(%s::text[]) AS name
 WHERE has_table_privilege(name, 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege(name, 'UPDATE')
"""
UNSEALED = """
SELECT name FROM unnest(%s::text[]) AS name
 WHERE NOT EXISTS (SELECT FROM audit_guard.sealed WHERE relid = name::regclass
                      AND fingerprint = audit_guard.fingerprint(name::regclass))
"""
HIDES = "SELECT has_database_privilege(current_database(), 'TEMPORARY')"
"""A temporary table hides others of its name: one called audit_entry would take its connection's entries."""

WATCHED = """
SELECT EXISTS (SELECT FROM pg_event_trigger e JOIN pg_roles r ON r.oid = e.evtowner
                WHERE evtname = 'audit_guard_ddl' AND evtenabled = 'A' AND r.rolsuper)
"""


@register(Tags.database)
def audit_guard(app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Report a database role of this process that could change the log, and a log that is not sealed or guarded."""
    return [error for alias in databases or [] for error in _errors(alias)]


def _errors(alias: str) -> list[CheckMessage]:
    tables = [list(SEALED)]
    with connections[alias].cursor() as cursor:
        cursor.execute(LOGIN, tables)
        user, login, powerful, owner, exists = cursor.fetchone()
        if user == "portal_owner":
            return []  # migrating
        errors: list[CheckMessage] = []
        if powerful or owner:
            errors.append(Error(f"{login} can become more than portal_app", hint="DATABASE_URL", id="audit.E001"))
        if not exists:
            hint = "Run `manage.py bootstrapdb`, then `manage.py migrate`."
            return [*errors, Error("the audit log or its guard is missing", hint=hint, id="audit.E002")]
        cursor.execute(CAN_CHANGE, tables)
        errors += [Error(f"{user} may change {table}", id="audit.E003") for (table,) in cursor.fetchall()]
        cursor.execute(UNSEALED, tables)
        for (table,) in cursor.fetchall():
            errors.append(Error(f"{table} is not sealed, or differs from its seal", id="audit.E004"))
        cursor.execute(HIDES)
        if cursor.fetchone() == (True,):
            hint = "Run `manage.py bootstrapdb`: a database that was restored has lost its own rights."
            errors.append(Error(f"{user} may hide the log behind a temporary table", hint=hint, id="audit.E006"))
        cursor.execute(WATCHED)
        if cursor.fetchone() != (True,):
            errors.append(Error("the event trigger that guards the audit log is missing or off", id="audit.E005"))
    return errors
