from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit import hooks
from audit.hooks import Meaning
from audit.ledger.alarms import teller
from fusus_portal.ground.accounts import selectors, worklist
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.accounts.services import accounts as account_services
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.agency.hooks import Section
from fusus_portal.ground.worklist import sources

CODE_LENGTH = 4


def register() -> None:
    sources.register(*worklist.SOURCES)
    hooks.understand(people)
    hooks.name_by("account", called)
    teller.register(account_services.mail_alarms)
    hooks.pseudonyms.register(pseudonyms)
    hooks.mailer.register(account_services.mail_log_report)
    agency.register_sections(
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
    """Return accounts by pseudonym, name or e-mail address. A public one only by its address (promise R3)."""
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
    return list(User.objects.filter(role__in=AGENCY_ROLES).exclude(pseudonym="").values_list("pseudonym", flat=True))


def called(ids: Iterable[str]) -> Mapping[str, str]:
    """Return for each id the badge pseudonym, or "of a resident" and so on for the public."""
    accounts = User.objects.filter(pk__in=[pk for pk in ids if hooks.is_id(pk)])
    return {str(each.pk): each.pseudonym or f"of a {each.role}" for each in accounts}
