"""Sentences of flags, for reviewers. They ask, and accuse nobody."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fusus_portal.oversight.review.flags.contract import Flag, FlagKind

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
"""A number that may be one follows its noun, so that no word has to agree with it."""

OF_OFFICE = _(
    "Of the week's searches and views, %(percent)s percent were for incidents that neither dispatch nor a supervisor "
    "confirmed. People: %(people)s."
)
OF_OPENERS = _(
    "Of %(made)s searches of the week, %(searches)s were for incidents that this person opened and dispatch does not "
    "know. Incidents: %(incidents)s."
)

OF_GLASS = _("Its justification: %(justification)s.")

WORDS: Mapping[str, str | Promise] = {
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
"""Short words in facts, as people read them."""


def sentence_of(flag: Flag, *, broken: Sequence[str] = ()) -> str:
    """Return the sentence of a flag. broken: sentences about broken glass, for readers who may read them."""
    said = {
        name: WORDS.get(value, value) if isinstance(value, str) else f"{value:,}" for name, value in flag.facts.items()
    }
    if broken:
        return " ".join([*broken, str(OF_GLASS) % said])
    return str(_template(flag)) % said


def _template(flag: Flag) -> str | Promise:
    if flag.kind == FlagKind.NO_CALL and "percent" in flag.facts:
        return OF_OFFICE
    if flag.kind == FlagKind.NO_CALL and "made" in flag.facts:
        return OF_OPENERS
    return SENTENCES[flag.kind]
