"""City names in their variants: "Barton" and "City of Barton" for "Barton City", "Mt Holly", "Saint Clair"."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from .street_names import plain
from .street_words import BEFORE, DIRECTIONS, KINDS_OF_CITY, OF_CITIES, SUFFIX, SUFFIX_WORDS

_DIRECTION_WORDS: Final = {short: word for word, short in DIRECTIONS.items()}
_SHORT: Final = 5
"""A shorter name allows no typo: another city may be one letter off."""


@lru_cache(maxsize=5_000)
def city_name(text: str) -> str:
    words = plain(text).replace(",", " ").replace("-", " ").replace("'", "").split()
    return " ".join(_whole(word, is_last=at == len(words) - 1) for at, word in enumerate(words))


def _whole(word: str, *, is_last: bool) -> str:
    if word in BEFORE and not is_last:
        return BEFORE[word]
    word = OF_CITIES.get(word) or _DIRECTION_WORDS.get(word, word)
    return SUFFIX_WORDS[SUFFIX[word]] if word in SUFFIX else word


def _forms(name: str) -> set[str]:
    """Return a normalized name without omissible words: "CITY OF BARTON" and "BARTON CITY" as "BARTON"."""
    words = name.split()
    if len(words) > 2 and words[0] in KINDS_OF_CITY and words[1] == "OF":
        words = words[2:]
    rest = words[:-1] if len(words) > 1 and words[-1] in KINDS_OF_CITY else words
    return {" ".join(words), " ".join(rest)}


class CityNames:
    """Cities of a county. of_data: in its data, by ZIP code. postal: the Postal Service's, by ZIP code, also typed."""

    def __init__(self, of_data: Mapping[str, Iterable[str]], postal: Mapping[str, Iterable[str]]) -> None:
        self.at = {code: {city_name(city) for city in cities} for code, cities in of_data.items()}
        self.named = set[str]().union(*self.at.values()) - {""}
        self.means: dict[str, set[str]] = defaultdict(set)
        self.postal = {code: {city_name(city) for city in cities} for code, cities in postal.items()}
        known = self.named.union(*self.postal.values())
        for name in sorted(known):
            self.means[name] = {name}
        for name in sorted(known):
            for form in _forms(name) - known:
                self.means[form].add(name)

    def known(self, words: Sequence[str]) -> frozenset[str]:
        """Return the normalized cities that the words may name."""
        name = city_name(" ".join(words))
        return frozenset(next((self.means[form] for form in (name, *_forms(name)) if form in self.means), ()))

    def close(self, words: Sequence[str]) -> frozenset[str]:
        name = city_name(" ".join(words))
        near = [(OSA.distance(name, each, score_cutoff=2), each) for each in self.means if len(each) >= _SHORT]
        off, found = min(near, default=(9, ""))
        return frozenset(self.means[found]) if off <= (1 if len(name) < 2 * _SHORT else 2) else frozenset()
