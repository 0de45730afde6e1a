"""Sentences of pages, papers and mails, with the amounts, days, counts and states in each."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from itertools import combinations

SEPARATE = {"p", "li", "dt", "tr", "h1", "h2", "h3", "h4", "div", "summary", "label", "legend"}
UNSEEN = {"head", "script", "style", "template", "svg", "nav", "header", "footer", "select", "textarea"}
TERM = " :: "
"""Between a term and what is said of it, as "State :: Sent"."""

DAY = r"(?:Jan|Feb|Mar(?:ch)?|Apr(?:il)?|May|June|July|Aug|Sept|Oct|Nov|Dec)\.? \d{1,2}(?:, \d{4})?"
VALUE = re.compile(rf"\$\d[\d,]*(?:\.\d\d)?|{DAY}|\b\d[\d,.:]*\b(?: [ap]\.m\.)?")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
WORDS_AT_LEAST = 3

Values = tuple[str, ...]
Said = Mapping[str, frozenset[Values]]
"""Values by sentence, in which # stands for each. A sentence that a page says several times has several."""


class Reader(HTMLParser):
    """The blocks of text that a page shows, and the addresses that it leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.blocks, self.links = [""], list[str]()
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in UNSEEN
        if tag in SEPARATE:
            self.blocks.append("")
        if tag == "a" and (address := dict(attributes).get("href")):
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in UNSEEN
        if tag == "dt":
            self.blocks[-1] += TERM
        elif tag in SEPARATE or tag == "dd":
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.blocks[-1] += data


def said_by(blocks: Iterable[str]) -> Said:
    """Return each sentence that holds values, with them; and each term, with what is said of it."""
    told = defaultdict[str, set[Values]](set)
    for sentence in _sentences(blocks):
        term, is_fact, fact = (part.strip() for part in sentence.partition(TERM))
        values = tuple(VALUE.findall(sentence))
        words = VALUE.sub("#", sentence)
        if is_fact and term and fact:
            told[term].add((fact,))
        elif values and len(re.findall(r"[A-Za-z]{2,}", words)) >= WORDS_AT_LEAST:
            told[words].add(values)
    return {words: frozenset(values) for words, values in told.items()}


def _sentences(blocks: Iterable[str]) -> Iterator[str]:
    for block in blocks:
        yield from SENTENCE.split(" ".join(block.split()))


def contradictions(documents: Mapping[str, Said]) -> dict[str, list[str]]:
    """Return the sentences that two documents say with different values, and which documents.

    A page that lists several things says what the page of one of them says, and more: that is no contradiction.
    """
    found = defaultdict[str, set[str]](set)
    for (one, first), (other, second) in combinations(documents.items(), 2):
        for words in first.keys() & second.keys():
            here, there = first[words], second[words]
            if not (here <= there or there <= here):
                found[words] |= {f"{one}: {sorted(here)}", f"{other}: {sorted(there)}"}
    return {words: sorted(where) for words, where in found.items()}
