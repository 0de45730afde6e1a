"""What accounts add to code below: a card of the page Administration, and whom the auditors' search box knows."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit import hooks
from audit.hooks import Meaning
from fusus_portal.ground.accounts import selectors, worklist
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.accounts.services import alarms, log_reports
from fusus_portal.ground.agency import sections
from fusus_portal.ground.agency.sections import Section
from fusus_portal.ground.worklist import sources

CODE_LENGTH = 4


def register() -> None:
    """Add them, with who hears of alarms of the log."""
    sources.register(*worklist.SOURCES)
    hooks.understand(people)
    hooks.name_by("account", called)
    hooks.teller.register(alarms.tell)
    hooks.pseudonyms.register(pseudonyms)
    hooks.mailer.register(log_reports.mail)
    sections.register(
        Section(
            url_name="people",
            title=_("People and roles"),
            text=_("Accounts of this office. Each change takes two administrators."),
            place=10,
            note=_waiting,
            label=_("See people and roles"),
        )
    )


def _waiting() -> str:
    count = selectors.open_changes().count()
    return ngettext("One change waits.", "%(number)d changes wait.", count) % {"number": count} if count else ""


def people(text: str) -> Iterable[Meaning]:
    """Return who has this badge pseudonym, its code alone ("K7Q2"), or this e-mail address, and staff of this name.

    Of a resident or business nothing is shown but what was typed; no list of them can be had (promise R3).
    """
    if "@" in text:
        accounts = User.objects.filter(email=text.lower())
        return [Meaning(each.pseudonym or each.email, actors=(str(each.pk),)) for each in accounts]
    if len(text) < CODE_LENGTH:
        return []
    called_so = Q(name__iexact=text)
    if len(text.split()) <= 2:
        called_so |= Q(pseudonym__iendswith=f" {text.rpartition(' ')[2]}")
    found = User.objects.filter(called_so, role__in=AGENCY_ROLES).order_by("pseudonym")
    return [Meaning(each.pseudonym, actors=(str(each.pk),)) for each in found[:2]]


def pseudonyms() -> Sequence[str]:
    """Return the badge pseudonyms of the agency's accounts, for the field that suggests them."""
    return list(User.objects.filter(role__in=AGENCY_ROLES).exclude(pseudonym="").values_list("pseudonym", flat=True))


def called(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the badge pseudonyms of agency accounts, and the role of others."""
    accounts = User.objects.filter(pk__in=[pk for pk in ids if hooks.is_id(pk)])
    return {str(each.pk): each.pseudonym or f"of a {each.role}" for each in accounts}
