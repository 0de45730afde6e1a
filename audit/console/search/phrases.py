"""The text of the log's search box, phrase by phrase: "T8U2 2026-000303 Nov 30" is three, and each must match.

Each phrase is as long as possible, so that an address or a name of several words is one. Other apps say what a phrase
means (`audit.hooks`). A name, e-mail or home address gives way to a badge name, reference or number, which alone may be
in an address of the log.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Final

from django.db.models import Q

from audit.console.search.days import day_in_text
from audit.console.search.kinds import COMMON, kinds_called
from audit.hooks import Meaning, resolvers
from audit.log.selectors import by_actor

LONGEST_PHRASE: Final = 9
MOST_WORDS: Final = 24
"""Words of the longest phrase inside a text, an address with its town; words of a text that are looked up at all."""

EITHER: Final = "or"


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition (`lead`) that an index serves. by_id: the index continues by id, so a walk can read it in steps."""

    lead: Q
    by_id: bool = True


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a text. meanings: any of them matches; () if nobody knows the words. text: as it was typed."""

    text: str
    meanings: tuple[Meaning, ...] = ()

    @property
    def said(self) -> str:
        return _joined(dict.fromkeys(meaning.said for meaning in self.meanings)) or self.text

    @property
    def shared(self) -> str:
        """The phrase for an address of the log, without the name, e-mail or home address of a person."""
        return _joined(dict.fromkeys(meaning.shared or self.text for meaning in self.meanings)) or self.text

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(address for meaning in self.meanings for address in meaning.addresses)

    @property
    def is_led(self) -> bool:
        """True if an index serves the phrase."""
        return bool(self.meanings) and all(meaning.is_led for meaning in self.meanings)

    @property
    def cost(self) -> int:
        """Rank among phrases that an index serves: incidents and objects have the fewest entries, people the most."""
        if any(meaning.actors for meaning in self.meanings):
            return 2
        return int(any(meaning.cameras for meaning in self.meanings))

    def branches(self) -> list[Branch]:
        return [branch for meaning in self.meanings for branch in _branches_of(meaning)]

    def condition(self) -> Q:
        """Return the condition on an entry's own columns, so without time and network address."""
        found = Q()
        for branch in self.branches():
            found |= branch.lead
        for meaning in self.meanings:
            found |= _plain(meaning)
        return found


def phrases_of(text: str) -> tuple[Phrase, ...]:
    """Return the phrases of a text; unknown words next to each other are one phrase without meanings."""
    text = " ".join(text.split())
    whole = Phrase(text, meanings_of(text))
    if whole.meanings or not text:
        return (whole,) if text else ()
    span, days, rest = day_in_text(text)
    if span is None:
        return tuple(_among(text.split()))
    return (*phrases_of(rest), Phrase(days, (span,)))


def meanings_of(text: str) -> tuple[Meaning, ...]:
    """Return the meanings of one phrase, without those within another one: an owner's account, beside the owner."""
    text = text.strip(" ,;")
    found = [meaning for resolver in (_network, kinds_called, *resolvers) for meaning in resolver(text)] if text else []
    named = [meaning for meaning in found if meaning.names_something]
    return tuple(one for one in named if not any(one is not other and one.is_within(other) for other in named))


def _among(words: list[str]) -> Iterator[Phrase]:
    found = [*_either(_longest(words[:MOST_WORDS])), *map(Phrase, words[MOST_WORDS:])]
    for is_known, phrases in groupby(found, key=lambda phrase: bool(phrase.meanings)):
        if is_known:
            yield from phrases
            continue
        unknown = [word for word in (phrase.text for phrase in phrases) if word.lower().strip(",") not in COMMON]
        if unknown:
            yield Phrase(" ".join(unknown))


def _longest(words: list[str]) -> Iterator[Phrase]:
    begin = 0
    known = cache(meanings_of)
    while begin < len(words):
        for end in range(min(len(words), begin + LONGEST_PHRASE), begin, -1):
            text = " ".join(words[begin:end])
            meanings = () if text.lower() in COMMON else known(text)
            if meanings or end == begin + 1:
                yield Phrase(text.strip(","), meanings)
                begin = end
                break


def _either(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Return the phrases; two known ones with "or" between them are one."""
    found: list[Phrase] = []
    for phrase in phrases:
        if len(found) > 1 and phrase.meanings and found[-1].text.lower() == EITHER and found[-2].meanings:
            found.pop()
            one = found.pop()
            meanings = [replace(each, shared=each.shared or of.text) for of in (one, phrase) for each in of.meanings]
            found.append(Phrase(f"{one.text} {EITHER} {phrase.text}", tuple(meanings)))
        else:
            found.append(phrase)
    return found


def _joined(texts: Iterable[str]) -> str:
    return f" {EITHER} ".join(texts)


def _branches_of(meaning: Meaning) -> Iterable[Branch]:
    for actor in meaning.actors:
        yield Branch(by_actor(actor))
    said = Q(facts__contains=dict(meaning.facts)) if meaning.facts else Q()
    for incident in meaning.incidents:
        yield Branch(Q(incident_id=incident) & said)
    for kind, subject in meaning.subjects:
        yield Branch(Q(subject_kind=kind, subject_id=subject))
    if meaning.cameras:
        yield Branch(Q(camera_id__in=meaning.cameras), by_id=False)


def _plain(meaning: Meaning) -> Q:
    found = Q(event__in=meaning.events) if meaning.events else Q()
    if meaning.roles:
        found |= Q(actor_role__in=meaning.roles)
    return found | Q(outcome__in=meaning.outcomes) if meaning.outcomes else found


def _network(text: str) -> Iterable[Meaning]:
    try:
        address = str(ipaddress.ip_address(text))
    except ValueError:
        return
    yield Meaning(address, addresses=(address,))
