"""Steps of letters."""

from datetime import timedelta

from django.utils import timezone

from registry.letters import services as letters
from registry.letters.models import Letter, LetterBatch
from registry.letters.states import LETTER, LetterState
from registry.places.models import ConfirmedBy
from registry.places.services import premises
from registry.rules import LETTER_LIFE
from tests.factories import person, registrant_at
from tests.lifecycle.drivers import LEAVING, Taken, drives, take
from tests.registry.letters.post import a_day_old, asked, printed, sent


@drives(LETTER, LetterState.WAITING, LetterState.PRINTED, "task")
def print_letter(role: str) -> Taken:
    """The worker puts it into a batch."""
    return take(asked(), letters.make_batch)


@drives(LETTER, LetterState.PRINTED, LetterState.WAITING, "task")
def put_back(role: str) -> Taken:
    """Nobody opened its batch within a day."""
    letter, _code = printed()
    a_day_old(LetterBatch.objects.get())
    return take(letter, letters.sweep_batches)


@drives(LETTER, LetterState.PRINTED, LetterState.USED, *LEAVING)
def use(role: str) -> Taken:
    """Its code is typed."""
    registrant = registrant_at(user=person(role))
    letter, code = sent(registrant)
    return take(letter, lambda: letters.enter_code(registrant=registrant, by=registrant.user, code=code))


@drives(LETTER, LetterState.WAITING, LetterState.ENDED, *LEAVING)
def end_waiting(role: str) -> Taken:
    """Its place is removed before it is printed."""
    return _remove_place(asked(registrant_at(user=person(role))))


@drives(LETTER, LetterState.PRINTED, LetterState.ENDED, *LEAVING)
def end_printed(role: str) -> Taken:
    """Its place is removed."""
    return _remove_place(printed(registrant_at(user=person(role)))[0])


@drives(LETTER, LetterState.WAITING, LetterState.ENDED, "task")
def end_needless(role: str) -> Taken:
    """Its place is confirmed in another way before it is printed."""
    letter = asked()
    premises.confirm(premises=letter.premises, way=ConfirmedBy.DOOR, actor=person("deputy").actor)
    return take(letter, letters.make_batch)


@drives(LETTER, LetterState.PRINTED, LetterState.ENDED, "task")
def end_old(role: str) -> Taken:
    """Nobody typed its code in time."""
    letter, _code = printed()
    Letter.objects.filter(pk=letter.pk).update(printed_at=timezone.now() - LETTER_LIFE - timedelta(seconds=1))
    return take(letter, letters.sweep_batches)


def _remove_place(letter: Letter) -> Taken:
    place = letter.premises
    return take(letter, lambda: premises.remove(premises=place, by=place.registrant.user))
