"""Letters brought as far as a test needs, and the codes in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
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
    with knowing() as made:
        batches.make()
    letter.refresh_from_db()
    return letter, next(code for code in made if codes.is_of(letter, code))


def a_day_old(batch: LetterBatch) -> None:
    """Let a day pass since a batch was made."""
    LetterBatch.objects.filter(pk=batch.pk).update(made_at=timezone.now() - timedelta(days=1))


@contextmanager
def knowing() -> Iterator[list[str]]:
    """Write down the codes that are made inside: nothing else than the paper has them."""
    made: list[str] = []
    real = codes.fresh

    def fresh() -> str:
        made.append(real())
        return made[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(codes, "fresh", fresh)
        yield made
