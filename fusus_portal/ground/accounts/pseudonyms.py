import secrets

from django.utils import translation

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role

LETTERS = "ABCDEFGHJKMNPQRTUVWXY"  # no letters that look like a digit or like each other
DIGITS = "2346789"


def fresh(role: str) -> str:
    """Return an unused pseudonym, for example "Deputy K7Q2"."""
    while True:
        code = "".join(secrets.choice(kind) for kind in (LETTERS, DIGITS, LETTERS, DIGITS))
        if not User.objects.filter(pseudonym__endswith=f" {code}").exists():
            return _written(role, code)


def for_role(pseudonym: str, role: str) -> str:
    """Return the pseudonym with another role. The code stays, so that an owner recognizes the person."""
    return _written(role, pseudonym.rpartition(" ")[2])


def _written(role: str, code: str) -> str:
    with translation.override("en"):
        return f"{Role(role).label} {code}"
