"""Acts on letters, and a door of a canvass."""

from audit.log.events import Event
from registry.canvasses.services import requests
from registry.letters import services as letters
from registry.letters.models import LetterBatch
from registry.places.models import Premises
from tests.audit.acts import Act, calls
from tests.factories import canvass_at, person, registrant_at
from tests.registry.letters.post import a_day_old, asked, know_addresses, printed, sent


@calls(letters.ask_letter, Event.LETTER_ASKED)
def ask() -> Act:
    """An owner asks for a letter."""
    know_addresses()
    place = registrant_at().premises.get()
    return lambda: letters.ask_letter(premises=place, by=place.registrant.user)


@calls(letters.enter_code, Event.LETTER_USED)
def enter() -> Act:
    """Its code is typed."""
    letter, code = sent()
    registrant = letter.premises.registrant
    return lambda: letters.enter_code(registrant=registrant, by=registrant.user, code=code)


@calls(letters.make_batch, Event.LETTERS_MADE)
def make() -> Act:
    """A letter that waits is put into a batch."""
    asked()
    return letters.make_batch


@calls(letters.open_batch, Event.LETTERS_OPENED)
def open_once() -> Act:
    """A clerk opens a batch."""
    printed()
    batch, clerk = LetterBatch.objects.get(), person("clerk")
    return lambda: letters.open_batch(batch=batch, by=clerk)


@calls(letters.sweep_batches, Event.LETTERS_DELETED)
def sweep() -> Act:
    """A batch that nobody opened is a day old."""
    printed()
    a_day_old(LetterBatch.objects.get())
    return letters.sweep_batches


@calls(requests.confirm_door, Event.DOOR_CONFIRMED)
def confirm_at_door() -> Act:
    """A deputy meets the owner."""
    canvass, place = canvass_at("sent"), Premises.objects.get
    return lambda: requests.confirm_door(canvass=canvass, by=canvass.created_by, premises=place().pk)
