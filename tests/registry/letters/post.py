"""Letters brought as far as a test needs, and the codes in them."""

from datetime import timedelta

from django.utils import timezone

from registry.letters import codes
from registry.letters.models import Letter, LetterBatch
from registry.letters.services import batches, letters
from registry.people.models import Registrant
from tests.factories import registrant_at


def asked(registrant: Registrant | None = None) -> Letter:
    """Return a letter that waits to be printed."""
    premises = (registrant or registrant_at()).premises.get()
    return letters.ask(premises=premises, by=premises.registrant.user)


def printed(registrant: Registrant | None = None) -> tuple[Letter, str]:
    """Return a letter in a batch, and its code."""
    letter = asked(registrant)
    made = [codes.fresh() for _letter in range(9)]
    batches.make(code=iter(made).__next__)
    letter.refresh_from_db()
    return letter, next(code for code in made if codes.is_of(letter, code))


def a_day_old(batch: LetterBatch) -> None:
    """Let a day pass since a batch was made."""
    LetterBatch.objects.filter(pk=batch.pk).update(made_at=timezone.now() - timedelta(days=1))
