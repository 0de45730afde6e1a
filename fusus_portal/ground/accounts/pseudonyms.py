"""Badge pseudonyms: what owners see of an agency person, the same for as long as the account lives."""

import secrets

from django.utils import translation

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role

LETTERS = "ABCDEFGHJKMNPQRTUVWXY"  # none that look like a digit or like each other
DIGITS = "2346789"


def fresh(role: str) -> str:
    """Return a pseudonym that nobody has, for example "Deputy K7Q2"."""
    while True:
        code = "".join(secrets.choice(kind) for kind in (LETTERS, DIGITS, LETTERS, DIGITS))
        if not User.objects.filter(pseudonym__endswith=f" {code}").exists():
            return _written(role, code)


def for_role(pseudonym: str, role: str) -> str:
    """Return the pseudonym under another role; its code stays, so an owner knows the person again."""
    return _written(role, pseudonym.rpartition(" ")[2])


def _written(role: str, code: str) -> str:
    with translation.override("en"):
        return f"{Role(role).label} {code}"
