"""The agency's own sentences in messages: one at the beginning, one at the end.

No link and no phone number but the office's own (forged letters carry others), nothing about the outcome of an incident
(promise R9), nothing that makes an answer a duty (promise R4).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy as _later

from fusus_portal.ground.agency.models import LONGEST_SENTENCE, Agency

SHORTEST_PHONE = 7
"""Least digits of a phone number. Fewer are a year, a time or a house number."""

LINK = re.compile(r"://|\bwww\.|@|\b\w[\w-]*\.[^\W\d_]{2,}", re.IGNORECASE)
MARKUP = re.compile(r"[<>{}\[\]\\%|`*_#]")
DIGITS = re.compile(r"\+?\d(?:[\s().\-/]*\d)+")
OUTCOME = re.compile(
    r"\b(arrest\w*|suspect\w*|convict\w*|charged|indict\w*|solved|guilty|sentenced|caught|recovered|case closed|outcome"
    r"|detenid\w*|arrestad\w*|detenci[oó]n|sospechos\w*|condenad\w*|acusad\w*|culpable\w*|resuelt\w*|capturad\w*"
    r"|recuperad\w*|sentenciad\w*)\b",
    re.IGNORECASE,
)
DUTY = re.compile(
    r"\b(must|required|obligat\w*|mandatory|penalt\w*|fined|subpoena\w*|warrant\w*|prosecut\w*"
    r"|debe|deben|deber[aá]n?|obligatori\w*|multas?|sanci[oó]n\w*|orden judicial|citaci[oó]n)\b",
    re.IGNORECASE,
)


REFUSED = {
    LINK: _later("No link and no e-mail address: people learn to trust only the link of the portal."),
    MARKUP: _later("Plain words only: no HTML, no placeholder, no sign such as < { [ % | * # or _."),
    OUTCOME: _later("A message never says how an incident ended, or who was suspected."),
    DUTY: _later("An answer is free. Write nothing that makes it a duty."),
}


@dataclass(frozen=True, slots=True)
class Added:
    opening: str = ""
    closing: str = ""


def check(texts: Mapping[str, Added], *, office: Agency) -> None:
    """Raise ValidationError by field ("opening_en", ...) for forbidden sentences. office: its phone numbers pass."""
    numbers = {_digits(office.phone), _digits(office.help_phone)}
    wrong = {
        f"{part}_{language}": problem
        for language, added in texts.items()
        for part in ("opening", "closing")
        if (problem := problem_of(getattr(added, part), numbers=numbers))
    }
    if wrong:
        raise ValidationError(wrong)


def problem_of(text: str, *, numbers: set[str]) -> str:
    """Return the reason that refuses a sentence, or "". numbers: digits of the phone numbers that are allowed."""
    problems = [
        (len(text) > LONGEST_SENTENCE, _("Use at most %(most)d characters.") % {"most": LONGEST_SENTENCE}),
        (not text.isprintable(), _("Write one line of plain text.")),
        *((pattern.search(text) is not None, str(sentence)) for pattern, sentence in REFUSED.items()),
        (
            any(_is_foreign(found, numbers) for found in DIGITS.findall(text)),
            _("No phone number but the office's own."),
        ),
    ]
    return next((sentence for is_wrong, sentence in problems if is_wrong), "")


def _is_foreign(found: str, numbers: set[str]) -> bool:
    digits = _digits(found)
    return len(digits) >= SHORTEST_PHONE and digits not in numbers


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text).removeprefix("1")
