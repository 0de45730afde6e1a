"""What the search box suggests: kinds of words, saved searches, pseudonyms of staff. Never an owner or an address.

The page brings all of it along, so that the browser asks nobody while somebody types.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.hooks import pseudonyms
from fusus_portal.ground.id_numbers import CAMERA, FLAG, VIEW

WORDS = "log-words"
"""The id of the list on the page."""


class Suggestion(NamedTuple):
    """A word, and what it is. words: what is written into the box."""

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
"""Words that mean the same for everybody, and how numbers begin."""


def suggestions(saved: Iterable[str]) -> list[Suggestion]:
    """Return what the box suggests, with the names of one's saved searches first."""
    return [
        *(Suggestion(name, _("Saved search")) for name in saved),
        *(Suggestion(str(words), str(what)) for words, what in KINDS),
        *(Suggestion(each, _("Staff")) for each in sorted(pseudonyms.answer())),
    ]
