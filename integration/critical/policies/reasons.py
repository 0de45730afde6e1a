"""Reasons for declaring, viewing and justifying (promise B4)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.lengths import check_length
from integration.critical.models import LONGEST_REASON
from registry.incidents.models import Incident
from registry.incidents.policies.reasons import (
    adds_a_word,
    check_lawful,
    check_nobody_named,
    check_one_alphabet,
    check_reason,
    says_why,
)
from registry.limits.models import Limits

LONGEST_JUSTIFICATION = 4_000


def check(reason: str, *, incident: Incident, known: Iterable[str] = ()) -> str:
    """Return the tidy reason. Raises on "reason" if it says nothing of its own, or repeats one of `known`."""
    tidy, limits = " ".join(reason.split()), Limits.current()
    if not tidy:
        raise ValidationError({"reason": _("Write why this is needed now.")})
    check_length(tidy, most=LONGEST_REASON, field="reason")
    _check_words(tidy, field="reason")
    if not says_why(tidy, limits=limits):
        sentence = _("This does not say why. Write what happens there, in a few words of your own.")
        raise ValidationError({"reason": sentence})
    said = list(known)
    try:
        kept = check_reason(tidy, limits=limits, repeats=[incident.number, *incident.type.names, incident.place, *said])
    except ValidationError:
        raise ValidationError({"reason": _repeats()}) from None
    must_be_new(kept, said=said)
    return kept


def must_be_new(reason: str, *, said: Iterable[str], field: str = "reason") -> None:
    """Raise ValidationError on `field` if it only repeats words of earlier texts, in any order."""
    earlier = list(said)
    if earlier and not adds_a_word(reason, earlier):
        raise ValidationError({field: _repeats()})


def _repeats() -> str:
    return _("This repeats what is known already. Say what is new, or what must be seen.")


def check_justification(text: str, *, asked: str) -> str:
    """Return the justification. Raises on "justification" if it is empty of content, or repeats `asked`."""
    tidy = text.strip()
    check_length(tidy, most=LONGEST_JUSTIFICATION, field="justification")
    _check_words(tidy, field="justification")
    if not says_why(tidy, limits=Limits.current()):
        sentence = _("Write what happened, and why nobody could wait for a supervisor.")
        raise ValidationError({"justification": sentence})
    must_be_new(tidy, said=[asked], field="justification")
    return tidy


def _check_words(text: str, *, field: str) -> None:
    check_one_alphabet(text, field=field)
    try:
        check_lawful(text, field=field)
    except ValidationError:
        sentence = _("Cameras are never viewed because of a protest, an assembly or other lawful activity.")
        raise ValidationError({field: sentence}) from None
    check_nobody_named(text, field=field)
