"""What a business reads of what it has signed, on the page and on paper."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fusus_portal.agency.presenters.documents import blocks_of
from fusus_portal.agency.selectors import words
from integration.models import SharingAgreement
from integration.presenters.sharing import moment

Fact = tuple[str, str]


def state_of(agreement: SharingAgreement) -> str:
    """Return in one sentence whether it is in force, or since when not and why."""
    if agreement.revoked_at:
        return _("Taken back by the business on %(time)s.") % {"time": moment(agreement.revoked_at)}
    if agreement.replaced_at:
        return _("Renewed on %(time)s by another signature.") % {"time": moment(agreement.replaced_at)}
    if agreement.ended_at:
        return _("Ended by itself after %(day)s, because it was not renewed.") % {"day": last_day(agreement)}
    return _("In force until the end of %(day)s, unless it is taken back before.") % {"day": last_day(agreement)}


def last_day(agreement: SharingAgreement) -> str:
    """Return the last day on which it counts."""
    return date_format(agreement.ends_on, "DATE_FORMAT")


def facts_of(agreement: SharingAgreement) -> list[Fact]:
    """Return who signed what, and when."""
    facts = [
        (_("Business"), agreement.party),
        (_("Signed by"), f"{agreement.signer}, {agreement.title}"),
        (_("Signed"), moment(agreement.signed_at)),
        (_("Version of the agreement"), str(agreement.document.number)),
        (_("State"), state_of(agreement)),
        (_("Number of this signature"), str(agreement.pk)),
    ]
    if agreement.registrant is not None:
        facts.insert(1, (_("Registration number"), agreement.registrant.reference))
    return facts


def paper_of(agreement: SharingAgreement, *, of_its_end: bool) -> dict[str, Any]:
    """Return what the sheet says: the agreement as it was signed, or the proof that it is over."""
    return {
        "agency": words(),
        "facts": facts_of(agreement),
        "of_its_end": of_its_end,
        "ended": moment(agreement.over_at) if agreement.over_at else "",
        "blocks": blocks_of(agreement.document.text(agreement.language)),
        "language": agreement.language,
    }
