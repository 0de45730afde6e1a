from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Stale
from registry.incidents import number_format
from registry.incidents.models import Incident, IncidentType
from registry.incidents.number_format import FEWEST_DIGITS, LONGEST_NUMBER, NumberPattern, UnreadablePattern
from registry.incidents.policies.reasons import check_lawful


def check_names(name: str, name_es: str, *, own: IncidentType | None = None) -> tuple[str, str]:
    """Return both names tidied. Raises ValidationError on "name" or "name_es".

    A lawful assembly is no crime in either language, whatever an agency wants to list. own: the type to change; another
    type with the same name is refused.
    """
    return check_english(name, own=own), check_spanish(name_es)


def check_english(name: str, *, own: IncidentType | None = None) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise ValidationError({"name": _("Write the name as deputies will choose it.")})
    check_lawful(tidy, field="name")
    if IncidentType.objects.filter(name__iexact=tidy).exclude(pk__in=[own.pk] if own else []).exists():
        raise ValidationError({"name": _("This name is on the list already, or was once.")})
    return tidy


def check_spanish(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise ValidationError({"name_es": _("Write the name in Spanish: owners read it in their language.")})
    check_lawful(tidy, field="name_es")
    return tidy


def is_used(incident_type: IncidentType) -> bool:
    return Incident.objects.filter(type=incident_type).exists()


def must_be_listed(incident_type: IncidentType) -> None:
    if incident_type.retired_at is not None:
        raise Stale(_("This type is off the list already."), subject=incident_type.subject)


def must_be_retired(incident_type: IncidentType) -> None:
    if incident_type.retired_at is None:
        raise Stale(_("This type is on the list already."), subject=incident_type.subject)


def check_choosable(incident_type: IncidentType) -> None:
    """Raise ValidationError on "type" for a type off the list: no new incident can have it."""
    if incident_type.retired_at is not None:
        raise ValidationError({"type": _("This type is no longer on the agency's list. Choose another.")})


def check_pattern(pattern: str) -> NumberPattern:
    """Return the format. Raises ValidationError on "pattern" with what to write instead."""
    try:
        return number_format.read(pattern)
    except UnreadablePattern as unreadable:
        raise ValidationError({"pattern": _unreadable(unreadable.reason)}) from unreadable


def _unreadable(reason: str) -> str:
    sentences = {
        "brackets": _("A text in square brackets needs both brackets, and something between them."),
        "character": _("Use capital letters, digits, spaces, - / and . only; N, A and Y have a meaning of their own."),
        "digits": _("Leave room to count: at least %(fewest)d N."),
        "long": _("This is too long: a number has at most %(most)d characters."),
        "year": _("Write the year once, as YYYY or YY."),
    }
    return sentences[reason] % {"fewest": FEWEST_DIGITS, "most": LONGEST_NUMBER}
