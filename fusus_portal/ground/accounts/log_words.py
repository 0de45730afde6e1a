"""What the auditors' search box knows of people: deputies by badge, everybody by exact e-mail address."""

from collections.abc import Iterable, Mapping

from audit import hooks
from audit.hooks import Meaning
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES

CODE_LENGTH = 4


def register() -> None:
    """Let the search box ask here."""
    hooks.understand(people)
    hooks.name_by("account", called)


def people(text: str) -> Iterable[Meaning]:
    """Return who has this badge pseudonym, its code alone ("K7Q2"), or this e-mail address.

    Of a resident or business nothing is shown but what was typed; no list of them can be had (promise R3).
    """
    if "@" in text:
        accounts = User.objects.filter(email=text.lower())
        return [Meaning(each.pseudonym or each.email, actors=(str(each.pk),)) for each in accounts]
    if len(text) < CODE_LENGTH:
        return []
    found = User.objects.filter(role__in=AGENCY_ROLES)
    code = found.filter(pseudonym__iendswith=f" {text.rpartition(' ')[2]}") if len(text.split()) <= 2 else found.none()
    return [Meaning(each.pseudonym, actors=(str(each.pk),)) for each in code.order_by("pseudonym")[:2]]


def called(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the badge pseudonyms of agency accounts, and the role of others."""
    accounts = User.objects.filter(pk__in=[pk for pk in ids if hooks.is_id(pk)])
    return {str(each.pk): each.pseudonym or f"of a {each.role}" for each in accounts}
