"""System checks of the ledger's guard (`manage.py check --database default`)."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

LOGIN = """
SELECT current_user::text, session_user::text,
       (SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = session_user),
       pg_has_role(session_user, 'portal_owner', 'MEMBER'),
       to_regclass('public.audit_entry') IS NOT NULL AND to_regclass('audit_guard.sealed') IS NOT NULL
"""
GUARD = """
SELECT has_table_privilege('audit_entry', 'UPDATE, DELETE, TRUNCATE, TRIGGER')
         OR has_any_column_privilege('audit_entry', 'UPDATE'),
       EXISTS (SELECT 1 FROM audit_guard.sealed WHERE relid = 'audit_entry'::regclass
                  AND fingerprint = audit_guard.fingerprint('audit_entry'::regclass)),
       EXISTS (SELECT 1 FROM pg_event_trigger e JOIN pg_roles r ON r.oid = e.evtowner
                WHERE evtname = 'audit_guard_ddl' AND evtenabled = 'A' AND r.rolsuper)
"""


@register(Tags.database)
def audit_guard(app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Report a sign-in that could change the log, or a log that is not sealed."""
    return [error for alias in databases or [] for error in _errors(alias)]


def _errors(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(LOGIN)
        user, login, powerful, owner, exists = cursor.fetchone()
        if user == "portal_owner":
            return []  # migrating
        errors: list[CheckMessage] = []
        if powerful or owner:
            errors.append(Error(f"{login} can become more than portal_app", hint="DATABASE_URL", id="audit.E001"))
        if not exists:
            hint = "Run `manage.py bootstrapdb`, then `manage.py migrate`."
            return [*errors, Error("the audit log or its guard is missing", hint=hint, id="audit.E002")]
        cursor.execute(GUARD)
        can_change, sealed, watched = cursor.fetchone()
    if can_change:
        errors.append(Error(f"{user} may change the audit log", id="audit.E003"))
    if not sealed:
        errors.append(Error("the audit log is not sealed, or differs from its seal", id="audit.E004"))
    if not watched:
        errors.append(Error("the event trigger that guards the audit log is missing or off", id="audit.E005"))
    return errors
