"""Ten ways in which people write an address."""

import random
import re

from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.streets.street_words import DIRECTIONS, SUFFIX, SUFFIX_WORDS

SHORT = {short: word for word, short in DIRECTIONS.items()}
WAYS = (
    "plain",
    "capitals",
    "words",
    "short",
    "no direction",
    "direction first",
    "unit",
    "whole",
    "ZIP code",
    "letter wrong",
)


def written(home: Home, way: str, chance: random.Random) -> str:
    """Return an address as one of WAYS writes it."""
    words = home.street.split()
    if way == "capitals":
        words = [word.upper() for word in words]
    elif way == "words":
        words = [_long(word, at, words) for at, word in enumerate(words)]
    elif way == "short":
        words = [f"{word}." if word.upper() in SUFFIX and at else word.lower() for at, word in enumerate(words)]
    elif way == "no direction":
        words = _without(words, SHORT)
    elif way == "direction first":
        ways = [word for word in words[1:] if word in SHORT]
        words = [*ways, *[word for at, word in enumerate(words) if not at or word not in SHORT]] if ways else words
    elif way == "letter wrong":
        words = _wrong(words, chance)
    text = f"{home.number} {' '.join(words)}"
    if way == "unit":
        text += chance.choice([" Apt 4", " #12", " Unit B", ", Suite 300", " apt. 2C"])
    if way == "whole":
        text += f", {home.city}, AL {home.zip_code}"
    if way == "ZIP code":
        text += f" {home.zip_code}"
    return text


def bare(street: str) -> str:
    """Return a street's name without its direction."""
    return " ".join(_without(street.split(), SHORT))


def _long(word: str, at: int, words: list[str]) -> str:
    upper = word.upper()
    if upper in SHORT and len(words) > 2:
        return SHORT[upper].title()
    if at and upper in SUFFIX:
        return SUFFIX_WORDS[SUFFIX[upper]].title()
    return word


def _without(words: list[str], drop: dict[str, str]) -> list[str]:
    rest = [word for word in words if word not in drop]
    return rest if len(rest) > 1 else words


def _wrong(words: list[str], chance: random.Random) -> list[str]:
    """Return the words with one letter doubled, left out, swapped or another, in the longest of them."""
    at = max(range(len(words)), key=lambda each: len(re.sub(r"[^A-Za-z]", "", words[each])))
    word = words[at]
    if len(word) < 4 or word[0].isdigit():
        at, word = (
            len(words) - 1,
            {"St": "Street", "Ave": "Avenue", "Rd": "Road", "Ln": "Lane", "Dr": "Drive"}.get(words[-1], words[-1]),
        )
        if len(word) < 4:
            return words
    place = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        wrong = word[:place] + word[place] + word[place:]
    elif kind == 1:
        wrong = word[:place] + word[place + 1 :]
    elif kind == 2:
        wrong = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    else:
        wrong = word[:place] + chance.choice("aeiourstln") + word[place + 1 :]
    return [*words[:at], wrong, *words[at + 1 :]]
