from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from registry.letters import selectors
from registry.letters.models import Letter
from registry.letters.states import LetterState
from registry.limits.models import Limits
from registry.places.models import Premises
from registry.places.selectors import confirmations_of


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """A sentence on the confirmation of a place. can_ask: for a letter. can_type: the code of a letter is expected.

    is_left_out: no search finds cameras there, since the agency leaves out places that are not confirmed.
    """

    words: str
    can_ask: bool = False
    can_type: bool = False
    is_left_out: bool = False


def notes_on(places: Iterable[Premises]) -> Mapping[UUID, PlaceNote]:
    places = list(places)
    confirmed, letters = confirmations_of(places), selectors.latest(places)
    leaves_out = bool(places) and Limits.current().leaves_out_unconfirmed
    return {
        place.pk: _note(confirmed.get(place.pk, ""), letters.get(place.pk), leaves_out=leaves_out) for place in places
    }


def _note(way: str, letter: Letter | None, *, leaves_out: bool) -> PlaceNote:
    if way:
        return PlaceNote(_("Confirmed by %(way)s.") % {"way": way})
    note = _unconfirmed(letter)
    if not leaves_out:
        return note
    unfound = _("Until it is confirmed, no search finds its cameras.")
    return replace(note, words=f"{note.words} {unfound}", is_left_out=True)


def _unconfirmed(letter: Letter | None) -> PlaceNote:
    if letter is not None and letter.state == LetterState.WAITING:
        return PlaceNote(_("Not yet confirmed. We will send a letter with a code to this address."))
    if letter is not None and letter.state == LetterState.PRINTED:
        return PlaceNote(_("Not yet confirmed. A letter with a code is on its way to this address."), can_type=True)
    return PlaceNote(
        _("Not yet confirmed: nobody has checked this address. You don't have to do anything."), can_ask=True
    )
