"""What is said of a letter and of a place's confirmation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import why_not
from registry.letters import policies, selectors
from registry.letters.models import Letter
from registry.letters.states import LetterState
from registry.places.models import Premises
from registry.places.selectors import confirmations_of
from registry.rules import LETTER_LIFE


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a place is confirmed, in a sentence. can_ask: for a letter. can_type: a letter's code is expected."""

    words: str
    can_ask: bool = False
    can_type: bool = False


def standings(places: Iterable[Premises]) -> Mapping[UUID, Standing]:
    """Return how each of a person's places stands."""
    places = list(places)
    confirmed, letters = confirmations_of(places), selectors.latest(places)
    return {place.pk: _standing(confirmed.get(place.pk, ""), letters.get(place.pk)) for place in places}


def letter(premises: Premises) -> dict[str, Any]:
    """Return what the page says that offers a letter."""
    return {
        "premises": premises,
        "refused": why_not(partial(policies.must_want_letter, premises, **selectors.lately(premises))),
        "days": LETTER_LIFE.days,
    }


def _standing(way: str, letter: Letter | None) -> Standing:
    if way:
        return Standing(_("Confirmed: %(way)s.") % {"way": way})
    if letter is not None and letter.state == LetterState.WAITING:
        return Standing(_("Not yet confirmed. A letter with a code will be sent to this address."))
    if letter is not None and letter.state == LetterState.PRINTED:
        return Standing(_("Not yet confirmed. A letter with a code is on its way to this address."), can_type=True)
    return Standing(_("Not yet confirmed: nobody has checked this address. You need not do anything."), can_ask=True)
