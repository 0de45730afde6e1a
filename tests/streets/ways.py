"""Ten ways in which people write an address."""

import random
import re
from collections.abc import Callable

from fusus_portal.ground.streets.finder.names import DIRECTIONS, SUFFIX, SUFFIX_WORDS

from .county import Address

SHORT = {short: word for word, short in DIRECTIONS.items()}
LONG = {"St": "Street", "Ave": "Avenue", "Rd": "Road", "Ln": "Lane", "Dr": "Drive"}
Words = list[str]


def _capitals(words: Words) -> Words:
    return [word.upper() for word in words]


def _in_full(words: Words) -> Words:
    return [_long(word, at, words) for at, word in enumerate(words)]


def _short(words: Words) -> Words:
    return [f"{word}." if word.upper() in SUFFIX and at else word.lower() for at, word in enumerate(words)]


def _turned(words: Words) -> Words:
    """Return the words with their direction at the other end."""
    if len(words) < 3:
        return words
    if words[0] in SHORT:
        return [*words[1:], words[0]]
    return [words[-1], *words[:-1]] if words[-1] in SHORT else words


def _without(words: Words) -> Words:
    """Return the words without a direction at an end. "Avenue E" and "E St" have none."""
    if len(words) < 3:
        return words
    words = words[1:] if words[0] in SHORT else words
    return words[:-1] if len(words) > 2 and words[-1] in SHORT else words


OF_WORDS: dict[str, Callable[[Words], Words]] = {
    "plain": list,
    "capitals": _capitals,
    "words": _in_full,
    "short": _short,
    "no direction": _without,
    "direction turned": _turned,
}
WAYS = (*OF_WORDS, "unit", "whole", "ZIP code", "letter wrong")
UNITS = (" Apt 4", " #12", " Unit B", ", Suite 300", " apt. 2C")


def written(home: Address, way: str, chance: random.Random) -> str:
    """Return an address as one of WAYS writes it."""
    words = home.street.split()
    told = _wrong(words, chance) if way == "letter wrong" else OF_WORDS.get(way, list)(words)
    behind = {
        "unit": chance.choice(UNITS),
        "whole": f", {home.city}, {home.state} {home.zip_code}",
        "ZIP code": f" {home.zip_code}",
    }
    return f"{home.number} {' '.join(told)}{behind.get(way, '')}"


def bare(street: str) -> str:
    """Return a street's name without its direction."""
    return " ".join(_without(street.split()))


def _long(word: str, at: int, words: Words) -> str:
    upper = word.upper()
    if upper in SHORT and len(words) > 2:
        return SHORT[upper].title()
    if at and upper in SUFFIX:
        return SUFFIX_WORDS[SUFFIX[upper]].title()
    return word


def _wrong(words: Words, chance: random.Random) -> Words:
    """Return the words with one letter doubled, left out, swapped or another, in the longest of them."""
    at = max(range(len(words)), key=lambda each: len(re.sub(r"[^A-Za-z]", "", words[each])))
    word = words[at]
    if len(word) < 4 or word[0].isdigit():
        at, word = len(words) - 1, LONG.get(words[-1], words[-1])
    if len(word) < 4:
        return words
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    wrong = (
        before + letter + letter + after,
        before + after,
        before + after[:1] + letter + after[1:],
        before + chance.choice("aeiourstln") + after,
    )
    return [*words[:at], chance.choice(wrong), *words[at + 1 :]]
