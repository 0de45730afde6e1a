from django.db import transaction

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.steps import take
from registry.letters import codes, locks, policies, selectors
from registry.letters.models import Letter
from registry.letters.states import LetterState
from registry.people import locks as people_locks
from registry.people.models import Registrant
from registry.places import locks as place_locks
from registry.places.models import ConfirmedBy, Premises
from registry.places.policies import must_be_registered
from registry.places.services import confirmations
from registry.rules import LETTER_TRIES


def ask(*, premises: Premises, by: User) -> Letter:
    """Ask for a letter to one of a person's own places. Raises NotYours, and Stale while no letter is due."""
    with transaction.atomic():
        locked = place_locks.own_premises(premises.pk, by=by)
        must_be_registered(locked)
        policies.must_want_letter(locked, **selectors.lately(locked))
        letter = Letter.objects.create(premises=locked)
        record(event=Event.LETTER_ASKED, actor=by.actor, subject=letter.subject, **locked.in_log)
    return letter


def enter(*, registrant: Registrant, by: User, code: str) -> Premises:
    """Confirm the place of the letter with this code. Raises NotYours, and ValidationError on "code".

    A wrong code counts against each letter to the person whose code is still good; the last try ends them.
    """
    with transaction.atomic():
        locked = people_locks.own_registrant(registrant.pk, by=by)
        letters = locks.typed_by(locked.pk)
        found = next((letter for letter in letters if codes.is_of(letter, code)), None)
        if found is None:
            _count_try(letters, by)
        else:
            take(found, LetterState.USED, by)
            confirmations.confirm(premises=found.premises, way=ConfirmedBy.LETTER, actor=by.actor)
    return policies.checked_code(found).premises


def end_at(premises: Premises, actor: Actor) -> None:
    """End the letter to a locked place that is removed, or has another address now."""
    for letter in locks.in_force(premises):
        take(letter, LetterState.ENDED, actor)


def _count_try(letters: list[Letter], by: User) -> None:
    for letter in letters:
        letter.tries += 1
        letter.save(update_fields=["tries"])
        facts: dict[str, int | str] = {"tries": letter.tries}
        record(event=Event.LETTER_REFUSED, actor=by.actor, subject=letter.subject, facts=facts, outcome="refused")
        if letter.tries == LETTER_TRIES:
            take(letter, LetterState.ENDED, by)
