"""Letters brought as far as a test needs, and the codes in them."""

from datetime import timedelta

from django.utils import timezone

from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.streets import selectors
from registry.letters import policies, services
from registry.letters.models import Letter, LetterBatch
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, person, registrant_at
from tests.streets import uploads

HOMES = [
    Home(number, "20th St N", "Birmingham", "35203", LINN_PARK.longitude, LINN_PARK.latitude)
    for number in range(600, 610)
]


def know_addresses() -> None:
    """Load addresses around Linn Park, as letters need them."""
    if selectors.in_use() is None:
        uploads.current(HOMES)


def asked(registrant: Registrant | None = None) -> Letter:
    """Return a letter that waits to be printed."""
    know_addresses()
    premises = (registrant or registrant_at()).premises.get()
    return services.ask_letter(premises=premises, by=premises.registrant.user)


def printed(registrant: Registrant | None = None) -> tuple[Letter, str]:
    """Return a letter in a batch, and its code."""
    letter = asked(registrant)
    made = [policies.fresh_code() for _letter in range(9)]
    services.make_batch(code=iter(made).__next__)
    letter.refresh_from_db()
    return letter, next(code for code in made if policies.is_code_of(letter, code))


def sent(registrant: Registrant | None = None) -> tuple[Letter, str]:
    """Return a letter whose batch a clerk has opened, and its code."""
    letter, code = printed(registrant)
    LetterBatch.objects.filter(letters=letter).update(opened_at=timezone.now(), opened_by=person("clerk"))
    return letter, code


def a_day_old(batch: LetterBatch) -> None:
    """Let a day pass since a batch was made."""
    LetterBatch.objects.filter(pk=batch.pk).update(made_at=timezone.now() - timedelta(days=1))
