"""Suggestions of the search box; never an owner or an address. The page has them all: typing sends nothing."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.hooks import pseudonyms
from fusus_portal.ground.numbers import CAMERA, FLAG, VIEW

WORDS = "log-words"


class Suggestion(NamedTuple):
    words: str
    what: str


KINDS: tuple[tuple[str | Promise, str | Promise], ...] = (
    ("today", gettext_lazy("Day")),
    ("yesterday", gettext_lazy("Day")),
    ("this week", gettext_lazy("Days")),
    ("last week", gettext_lazy("Days")),
    ("last 30 days", gettext_lazy("Days")),
    ("last month", gettext_lazy("Days")),
    ("R-", gettext_lazy("Number of a request")),
    ("E-", gettext_lazy("Number of a file of footage")),
    (f"{VIEW}-", gettext_lazy("Number of a live view")),
    (f"{CAMERA}-", gettext_lazy("Number of a camera")),
    ("G-", gettext_lazy("Reference of an owner")),
    ("O-", gettext_lazy("Number of an order")),
    (f"{FLAG}-", gettext_lazy("Number of a flag")),
)
"""Words with the same meaning for everybody, and beginnings of numbers."""


def suggestions(saved: Iterable[str]) -> list[Suggestion]:
    return [
        *(Suggestion(name, _("Saved search")) for name in saved),
        *(Suggestion(str(words), str(what)) for words, what in KINDS),
        *(Suggestion(each, _("Staff")) for each in sorted(pseudonyms.answer())),
    ]
