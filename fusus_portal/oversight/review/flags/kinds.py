"""Kinds of flags, and their sentences for reviewers. A sentence asks, and accuses nobody."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FlagKind(TextChoices):
    NO_CALL = "no_call", _("Search or view without a call nearby")
    ODD_HOURS = "odd_hours", _("At hours that are unusual for this person")
    SAME_OWNER = "same_owner", _("The same owner or address again and again")
    LONG_VIEWS = "long_views", _("Long live views")
    NEAR_HOME = "near_home", _("Near this person's own home")
    SAME_REASON = "same_reason", _("Reasons that are alike")
    EXTENSIONS = "extensions", _("One extension after another")
    REFUSED = "refused", _("Refused again and again")
    GLASS = "glass", _("Broken glass")
    UNVERIFIED = "unverified", _("Closed without having been verified")
    WATCH_HOURS = "watch_hours", _("Watched much more than is usual")
    TWO_PLACES = "two_places", _("One sign-in at two places")
    SHARED_ACCOUNT = "shared_account", _("An account that several people seem to share")


@dataclass(frozen=True, slots=True)
class Flag:
    """An observation in a week of the log that somebody independent should look at.

    person: badge pseudonym, "" for nobody. entries: ids of the entries that show it, oldest first. facts: numbers and
    short words for the sentence. weight: how far beyond the usual; the largest comes first.
    """

    kind: FlagKind
    person: str
    entries: tuple[int, ...]
    facts: Mapping[str, int | str] = field(default_factory=dict)
    weight: float = 1.0


Row = TypeVar("Row")


def grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


SENTENCES: Mapping[FlagKind, str | Promise] = {
    FlagKind.NO_CALL: _("Searches for incidents that neither dispatch nor a supervisor confirmed: %(searches)s."),
    FlagKind.ODD_HOURS: _(
        "Searches and views at hours at which this person did not work in the months before: %(searches)s."
    ),
    FlagKind.SAME_OWNER: _(
        "Cameras of one owner were found or viewed in %(searches)s of %(made)s searches of four weeks. "
        "Incidents: %(incidents)s."
    ),
    FlagKind.LONG_VIEWS: _("Minutes of live view: %(minutes)s, of one camera alone %(longest)s. Cameras: %(cameras)s."),
    FlagKind.NEAR_HOME: _("Incidents opened near home: %(incidents)s. Cameras found or viewed there: %(cameras)s."),
    FlagKind.SAME_REASON: _("Gave one reason for %(incidents)s incidents of four weeks."),
    FlagKind.EXTENSIONS: _("Extended %(times)s times: %(what)s."),
    FlagKind.REFUSED: _("Was refused %(times)s times within an hour."),
    FlagKind.GLASS: _("The glass was broken. Its justification: %(justification)s."),
    FlagKind.UNVERIFIED: _("Incidents of this person that closed because nobody verified them: %(incidents)s."),
    FlagKind.WATCH_HOURS: _("The alarm of watch-hours named %(about)s. Its flags: %(found)s."),
    FlagKind.TWO_PLACES: _("One sign-in came back %(times)s times to a place that it had just left."),
    FlagKind.SHARED_ACCOUNT: _("%(sign)s: %(number)s. Sign-ins of the week: %(sign_ins)s."),
}
"""Sentence of each kind of flag. A number that may be 1 follows its noun, so that no word has to agree with it."""

OFFICE_SENTENCE = _(
    "Of the week's searches and views, %(percent)s percent were for incidents that neither dispatch nor a supervisor "
    "confirmed. People: %(people)s."
)
OPENER_SENTENCE = _(
    "Of %(made)s searches of the week, %(searches)s were for incidents that this person opened and dispatch does not "
    "know. Incidents: %(incidents)s."
)

GLASS_SENTENCE = _("Its justification: %(justification)s.")

FACT_WORDS: Mapping[str, str | Promise] = {
    "view": _("a live view"),
    "declaration": _("a declaration that an incident is critical"),
    "overdue": _("overdue"),
    "waiting": _("not written yet"),
    "justified": _("written"),
    "camera": _("a camera"),
    "area": _("an area"),
    "kind": _("a kind of place"),
    "in_turn": _("Days on which two people seem to have used it in turn"),
    "places": _("Places from which it was used within an hour"),
    "hours": _("Hours of one day in which it was used"),
}
"""Short words in the facts of flags, as people read them."""


def sentence_of(
    kind: FlagKind,
    facts: Mapping[str, int | str],
    *,
    broken: Sequence[str] = (),
    number: Callable[[int], str] = "{:,}".format,
) -> str:
    """Return the sentence of a flag. broken: sentences about broken glass, if the reader may read them.

    number: writes a number as the reader may read it.
    """
    said = {
        name: FACT_WORDS.get(value, value) if isinstance(value, str) else number(value) for name, value in facts.items()
    }
    if broken:
        return " ".join([*broken, str(GLASS_SENTENCE) % said])
    template = SENTENCES[kind]
    if kind == FlagKind.NO_CALL and "made" in facts:
        template = OFFICE_SENTENCE if "percent" in facts else OPENER_SENTENCE
    return str(template) % said
