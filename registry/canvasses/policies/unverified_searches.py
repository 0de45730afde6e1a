from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.lifecycle import Refused
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.models.unverified_searches import Bound, UnverifiedSearch
from registry.canvasses.policies import canvasses
from registry.canvasses.states import CanvassState
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits
from registry.rules import UNVERIFIED_CANVASSES, UNVERIFIED_OWNERS, UNVERIFIED_REDRAWINGS


class BeyondOnePerson(Refused):
    """More than one person may see without a second person. Auditors are told (CJIS AC-5)."""


class TooWide(Refused):
    """A redrawing that finds more owners than an unverified incident may show. The canvass stays as it was."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Owners and incidents that count toward one person's limits.

    searched: other incidents searched today within the limits. owners: those shown to the person this week. here: those
    shown to anyone around this incident.
    """

    searched: int
    owners: frozenset[UUID]
    here: frozenset[UUID]


def may_search(incident: Incident) -> None:
    """Raise Refused for a second search of an unverified incident, sent or not."""
    if incident.is_verified or Canvass.objects.filter(incident=incident).count() < UNVERIFIED_CANVASSES:
        return
    sentence = _("A supervisor must verify this incident before another area is searched.")
    raise Refused(sentence, subject=incident.subject)


def redraws_left(incident: Incident) -> int | None:
    """Return how often an incident's canvass may still be redrawn; None after verification."""
    if incident.is_verified:
        return None
    return max(0, UNVERIFIED_REDRAWINGS + 1 - UnverifiedSearch.objects.filter(incident=incident).count())


def may_redraw(incident: Incident) -> None:
    """Raise Refused for a canvass redrawn too often before its incident is verified."""
    if redraws_left(incident) != 0:
        return
    sentence = _("A supervisor must verify this incident before its canvass is redrawn more than twice.")
    raise Refused(sentence, subject=incident.subject)


def bound_of(seen: Seen, owners: AbstractSet[UUID], limits: Limits) -> Bound:
    """Return the limit that a search exceeds, or NONE. owners: in its area."""
    if seen.searched >= limits.unverified_incidents_a_day:
        return Bound.DAY
    return Bound.WEEK if len(seen.owners | owners) > limits.unverified_owners_a_week else Bound.NONE


def sentence_of(bound: str, limits: Limits) -> str:
    if bound == Bound.WEEK:
        number = limits.unverified_owners_a_week
        sentence = _("You can be shown %(number)d owners around unverified incidents a week.")
        return f"{sentence % {'number': number}} {_('Ask a supervisor to verify one.')}"
    number = limits.unverified_incidents_a_day
    sentence = ngettext(
        "You can search around %(number)d unverified incident a day.",
        "You can search around %(number)d unverified incidents a day.",
        number,
    )
    return f"{sentence % {'number': number}} {_('Ask a supervisor to verify one.')}"


def told_of(bound: str, person: str, limits: Limits) -> str:
    """Return the sentence for a supervisor about a person at a limit. person: badge pseudonym."""
    if bound == Bound.WEEK:
        sentence = _(
            "%(person)s would be shown more than %(number)d owners around unverified incidents in a week. Verify one "
            "of these incidents, or decide here."
        )
        return sentence % {"person": person, "number": limits.unverified_owners_a_week}
    number = limits.unverified_incidents_a_day
    sentence = ngettext(
        "%(person)s searched around %(number)d unverified incident in a day. Verify it, or decide here.",
        "%(person)s searched around %(number)d unverified incidents in a day. Verify one of them, or decide here.",
        number,
    )
    return sentence % {"person": person, "number": number}


def must_be_within(canvass: Canvass, limits: Limits) -> None:
    """Raise BeyondOnePerson for an unapproved canvass that one person's limit alone holds back."""
    search = held_by(canvass, limits) if canvass.state != CanvassState.APPROVED else None
    if search is not None:
        raise BeyondOnePerson(sentence_of(search.bound, limits), subject=canvass.subject)


def held_by(canvass: Canvass, limits: Limits) -> UnverifiedSearch | None:
    """Return the search whose limit alone holds a canvass back, or None."""
    if not canvass.beyond_limits or canvass.incident.is_verified:
        return None
    if canvasses.beyond_limits(canvass.area, canvass.starts_at, canvass.ends_at, limits):
        return None
    drawn = UnverifiedSearch.objects.filter(incident=canvass.incident).exclude(bound=Bound.WIDE)
    latest = drawn.select_related("by").order_by("at", "pk").last()
    return latest if latest is not None and latest.bound else None


def why_asked(canvass: Canvass, limits: Limits) -> str:
    search = held_by(canvass, limits)
    return sentence_of(search.bound, limits) if search else canvasses.limits_sentence(limits)


def why_decided(canvass: Canvass, limits: Limits) -> str:
    search = held_by(canvass, limits)
    return told_of(search.bound, search.by.pseudonym, limits) if search else canvasses.limits_sentence(limits)


def must_fit(canvass: Canvass, seen: Seen, owners: AbstractSet[UUID]) -> None:
    """Raise TooWide if a redrawing finds more owners than an unverified incident may show. owners: in its area."""
    if is_too_many(seen, owners):
        sentence = _(
            "Nobody has verified this incident, and that area would bring it above %(limit)d owners. The canvass is as "
            "it was before."
        )
        raise TooWide(sentence % {"limit": UNVERIFIED_OWNERS}, subject=canvass.subject)


def may_show(canvass: Canvass, seen: Seen, owners: AbstractSet[UUID]) -> None:
    """Raise Refused for more owners than an unverified incident may show. owners: those shown or asked."""
    if is_too_many(seen, owners):
        sentence = _("A supervisor must verify this incident before more than %(limit)d owners are asked.")
        raise Refused(sentence % {"limit": UNVERIFIED_OWNERS}, subject=canvass.subject)


def is_too_many(seen: Seen, owners: AbstractSet[UUID]) -> bool:
    return len(seen.here | owners) > UNVERIFIED_OWNERS


def may_see(canvass: Canvass, seen: Seen, owners: AbstractSet[UUID], limits: Limits) -> None:
    """Raise BeyondOnePerson for more owners than one person may see in a week, unless a supervisor approved it."""
    is_approved = canvass.beyond_limits and canvass.state in {CanvassState.APPROVED, CanvassState.SENT}
    if not is_approved and len(seen.owners | owners) > limits.unverified_owners_a_week:
        raise BeyondOnePerson(sentence_of(Bound.WEEK, limits), subject=canvass.subject)
