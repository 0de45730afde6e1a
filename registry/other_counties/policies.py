from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Stale, check_length
from registry.incidents.policies.reasons import says_why
from registry.limits.models import Limits
from registry.other_counties.models import CountyAgency, OutreachLead
from registry.other_counties.states import LeadState
from registry.rules import LONGEST_NOTE, LONGEST_REASON, NOTES_PER_LEAD


def must_go_on(lead: OutreachLead) -> None:
    """Raise Stale for a closed lead."""
    if lead.state == LeadState.CLOSED:
        raise Stale(_("This lead is closed. Who it named is deleted."), subject=lead.subject)


def must_name_somebody(lead: OutreachLead) -> None:
    """Raise Stale for a lead whose person did not agree that the agency may write."""
    if not lead.names_somebody:
        raise Stale(_("This person did not agree to be written to, so no name is kept."), subject=lead.subject)


def check_why(reason: str, *, limits: Limits) -> str:
    """Return the reason to see a lead's person, tidied. Raises ValidationError on "reason" if it says nothing."""
    tidy = " ".join(reason.split())
    check_length(tidy, most=LONGEST_REASON, field="reason")
    if not says_why(tidy, limits=limits):
        raise ValidationError({"reason": _("Write in a few words why you need the name and address.")})
    return tidy


def check_note(text: str, *, written: int) -> str:
    """Return a note on a lead tidied. Raises ValidationError on "text". written: number of the lead's notes so far."""
    tidy = " ".join(text.split())
    if not tidy:
        raise ValidationError({"text": _("Write the note first.")})
    check_length(tidy, most=LONGEST_NOTE, field="text")
    if written >= NOTES_PER_LEAD:
        raise ValidationError({"text": _("A lead has at most %(count)d notes.") % {"count": NOTES_PER_LEAD}})
    return tidy


def check_county(fips: str, *, own: CountyAgency | None) -> None:
    """Raise ValidationError on "county_fips" for a county with an agency other than `own`."""
    if CountyAgency.objects.filter(county_fips=fips).exclude(pk__in=[own.pk] if own else []).exists():
        raise ValidationError({"county_fips": county_taken()})


def county_taken() -> str:
    return _("This county has an agency already. Change that one.")
