"""Rules of typed reasons: they must say something, and name nothing that may never be a purpose."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground import look_alikes
from fusus_portal.ground.lifecycle import check_length
from registry.incidents.forbidden_reasons import FILLERS, KEY_ROWS, LAWFUL_ASSEMBLY, NO_ASSEMBLY
from registry.limits.models import Limits
from registry.rules import LONGEST_REASON, SHORTEST_REASON

FEWEST_WORDS = 3
FEWEST_TELLING = 2
"""Fewest different words of a reason, and fewest among them that tell something."""

SHORTEST_RUN = 4
"""A word of this many letters or more that are neighbors on a keyboard tells nothing."""

CONTACT_OR_NUMBER = re.compile(
    r"[^\s@]+@[^\s@]+\.\w+"  # an e-mail address
    r"|(?<!\d)(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d)"  # a phone number
    r"|(?<!\d)\d{3}[ -]\d{2}[ -]\d{4}(?!\d)"  # a Social Security number
)
NAMED_VICTIM = re.compile(
    r"\b(?i:victims?|v[ií]ctimas?)(?:['\u2019]s)?\W+(?:(?i:is|was|named|called|name|se|llama|llamad[ao]|es)\W+){0,3}"
    r"[A-ZÀ-Ý][\w'\u2019-]+\s+(?:[A-Z]\.?\s+)?[A-ZÀ-Ý][\w'\u2019-]+"
)
"""A likely full name after "victim". Code can't know all names, so the field asks people not to write any."""

A_MARCH = re.compile(r"\b(?:a|the|that|this|s|womens|freedom|peace|pride|solidarity|unity) march\b(?! \d)")
"""A march of people, and not the month: "the women's march", but not "the March 5 burglary"."""


def check_reason(reason: str, *, limits: Limits, repeats: Iterable[str] = ()) -> str:
    """Return a reason without needless spaces.

    limits: list the phrases that say nothing. repeats: texts that the reason must add to (number, type, place).
    Raises ValidationError on "reason" if it says nothing, names a lawful assembly, or seems to name a person.
    """
    tidy = " ".join(reason.split())
    if not tidy:
        raise ValidationError({"reason": _("Write why.")})
    check_length(tidy, most=LONGEST_REASON, field="reason")
    check_lawful(tidy, field="reason")
    check_nobody_named(tidy, field="reason")
    if not says_why(tidy, limits=limits):
        raise ValidationError({"reason": _("This does not say why. Say it in a few words of your own.")})
    if not _says_something(_without(_plain(tidy), [_plain(text) for text in repeats])):
        raise ValidationError({"reason": _("This only repeats what is known. Say why, in a few words of your own.")})
    return tidy


def says_why(reason: str, *, limits: Limits) -> bool:
    """True if a reason says something in the author's own words. For footage call `check_reason` instead."""
    plain, empty = _plain(reason), {_plain(phrase) for phrase in limits.empty_reasons}
    return plain not in empty and _says_something(_without(plain, empty))


def adds_a_word(reason: str, said: Iterable[str]) -> bool:
    """True if a reason has a telling word that is in none of the texts `said` before it."""
    before = {word for text in said for word in _plain(text).split()}
    return any(map(_tells_something, set(_plain(reason).split()) - before))


def check_lawful(text: str, *, field: str) -> None:
    """Raise ValidationError on `field` for a text that names a lawful assembly, in English or Spanish.

    Look-alike letters do not evade this; a word in letters of two alphabets is always refused.
    """
    check_one_alphabet(text, field=field)
    if any(map(_names_assembly, look_alikes.readings(text))):
        raise ValidationError(
            {field: _("Footage is never asked for because of a protest, an assembly or other lawful activity.")}
        )


def check_one_alphabet(text: str, *, field: str) -> None:
    """Raise ValidationError on `field` for a word in letters of several alphabets."""
    if look_alikes.mixes_alphabets(text):
        raise ValidationError({field: _("A word here mixes letters of different alphabets. Type it again.")})


def check_nobody_named(text: str, *, field: str) -> None:
    """Raise ValidationError on `field` for an e-mail address, phone or Social Security number, or a victim's name."""
    if CONTACT_OR_NUMBER.search(text):
        raise ValidationError({field: _("Leave out e-mail addresses, phone numbers and Social Security numbers.")})
    if NAMED_VICTIM.search(text):
        raise ValidationError({field: _("Leave out the names of victims. Write “the victim” instead.")})


def _names_assembly(text: str) -> bool:
    plain = " ".join(re.split(r"[/_\s]+", _without(_plain(text), NO_ASSEMBLY)))
    return bool(LAWFUL_ASSEMBLY & set(plain.split()) or A_MARCH.search(plain))


def _plain(text: str) -> str:
    """Return a text in lower case, without accents, punctuation, invisible characters and look-alikes."""
    return " ".join(re.sub(r"[^\w/]+", " ", look_alikes.plain(text)).split())


def _without(plain: str, phrases: Iterable[str]) -> str:
    for phrase in sorted(filter(None, phrases), key=len, reverse=True):
        plain = re.sub(rf"(?<!\S){re.escape(phrase)}(?!\S)", " ", plain)
    return " ".join(plain.split())


def _says_something(plain: str) -> bool:
    letters, words = sum(character.isalnum() for character in plain), set(plain.split())
    telling = sum(map(_tells_something, words))
    return letters >= SHORTEST_REASON and len(words) >= FEWEST_WORDS and telling >= FEWEST_TELLING


def _tells_something(word: str) -> bool:
    """True unless a word is a filler, one letter over and over, or neighboring keys."""
    is_run = len(word) >= SHORTEST_RUN and any(word in row for row in KEY_ROWS)
    return len(set(word)) > 1 and word not in FILLERS and not is_run
