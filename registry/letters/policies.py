import hashlib
import hmac
import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fusus_portal.ground.geo.points import FINDABLE
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.numbers import ALPHABET
from fusus_portal.ground.streets.geocoding import postal_address
from registry.letters.models import Letter, LetterBatch
from registry.places.models import Premises
from registry.places.selectors import cameras_at, is_confirmed
from registry.rules import LETTER_EVERY, LETTERS_OF_ONE


def must_want_letter(premises: Premises) -> None:
    """Raise Stale for a place to which no letter, or not yet another one, is sent."""
    recent = Letter.objects.filter(asked_at__gt=timezone.now() - LETTER_EVERY)
    last = recent.filter(premises=premises).order_by("-asked_at").first()
    sentence = ""
    if not cameras_at(premises).exists():
        sentence = _("Add a camera first. A place without one needs no letter.")
    elif premises.precision not in FINDABLE:
        sentence = _("Place your pin first. A letter is for a place that a search can find.")
    elif is_confirmed(premises):
        sentence = _("This place is confirmed already.")
    elif postal_address(premises.address, pin=premises.point) is None:
        sentence = _(
            "We can't send a letter to this address: the county's list does not have it. "
            "A deputy at the door can confirm the place."
        )
    elif last is not None:
        days = {"day": _day(last.asked_at), "next": _day(last.asked_at + LETTER_EVERY)}
        sentence = _("You asked for a letter to this place on %(day)s. You can ask for another on %(next)s.") % days
    elif recent.filter(premises__registrant=premises.registrant_id).count() >= LETTERS_OF_ONE:
        sentence = _("We send you at most %(limit)d letters in %(days)d days, for all your places together.")
        sentence %= {"limit": LETTERS_OF_ONE, "days": LETTER_EVERY.days}
    if sentence:
        raise Stale(sentence, subject=premises.subject)


def must_be_unopened(batch: LetterBatch) -> None:
    """Raise Stale for a batch that somebody opened, or whose file was deleted."""
    if batch.opened_at is not None:
        raise Stale(_("These letters were opened already. They can be opened once."), subject=batch.subject)
    if batch.deleted_at is not None:
        raise Stale(_("The file of these letters was deleted. They are in the next batch."), subject=batch.subject)


def checked_code(found: Letter | None) -> Letter:
    """Return the letter whose code was typed. Raises ValidationError on "code" for None."""
    if found is None:
        raise ValidationError(
            {"code": _("This is not the code in a letter to you, or it is too old. Please check it.")}
        )
    return found


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")


GROUPS, GROUP_LENGTH = 2, 5
"""Two groups of five characters that nobody confuses: "7K2MQ-X4PA9"."""


def fresh_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def digest_of_code(code: str, *, salt: bytes) -> bytes:
    """Return the digest to store of a code. Case, hyphens and spaces don't matter; O counts as 0, I and L as 1."""
    typed = code.upper().translate(str.maketrans("OIL", "011", " -"))
    return hashlib.sha256(salt + typed.encode()).digest()


def is_code_of(letter: Letter, code: str) -> bool:
    salt, kept = bytes(letter.salt or b""), bytes(letter.digest or b"")
    return bool(kept) and hmac.compare_digest(digest_of_code(code, salt=salt), kept)
