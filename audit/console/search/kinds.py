"""Kinds of entries in words: "canvass", "downloaded", "legal hold", "refused". A word means each event that says it."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.translation import get_language, gettext as _, ngettext

from audit.hooks import Meaning
from audit.log.events import Event

REFUSED = frozenset({"refus", "refusal"})
"""Stems of words for the outcome: most refusals are entries of other events than `ACT_REFUSED`."""

COMMON = frozenset(
    {
        "a", "about", "again", "all", "an", "and", "any", "are", "at", "be", "because", "by", "did", "do", "each",
        "for", "from", "had", "has", "have", "how", "in", "is", "it", "its", "not", "of", "off", "on", "one", "or",
        "other", "said", "since", "than", "that", "the", "their", "them", "then", "there", "they", "this", "to",
        "until", "was", "were", "what", "when", "where", "which", "who", "with", "without",
    }
)  # fmt: skip
"""Words that say nothing of what was done. Between other words of a search they are skipped."""

WORD = re.compile(r"[^\W\d_]{3,}")
ENDINGS = ("ing", "ed", "es", "s")
LEAST_STEM = 3


def kinds_called(text: str) -> Iterable[Meaning]:
    """Return the kinds of entries that one word names, however it ends: "canvass", "canvasses", "viewed"."""
    stem = stem_of(text)
    if stem in REFUSED:
        return [Meaning(_("Refused"), outcomes=("refused",))]
    events = _events_by_stem(get_language() or "en").get(stem, ())
    return [Meaning(_said(text, events), events=tuple(events))] if events else []


def stem_of(word: str) -> str:
    word = word.lower()
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= LEAST_STEM and not word.endswith("ss"):
            return stem.removesuffix("e")
    return word.removesuffix("e") if len(word) > LEAST_STEM else word


def _said(word: str, events: Iterable[str]) -> str:
    found = list(events)
    if len(found) == 1:
        return str(Event(found[0]).sentence)
    said = ngettext("“%(word)s”: %(number)d kind of entry", "“%(word)s”: %(number)d kinds of entries", len(found))
    return said % {"word": word.lower(), "number": len(found)}


@cache
def _events_by_stem(_language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the events that say each word, in their sentence or as their thing or act. Sentences are translated."""
    found: dict[str, list[str]] = {}
    for event in Event:
        _area, thing, act = event.value.split(":")
        words = {each.lower() for each in WORD.findall(f"{event.sentence} {thing} {act}")}
        for stem in {stem_of(each) for each in words - COMMON}:
            found.setdefault(stem, []).append(event.value)
    return {stem: tuple(events) for stem, events in found.items()}
