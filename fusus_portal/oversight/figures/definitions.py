"""The closed list of figures, and the limits of their publication. docs/recomputing-figures.md says the same.

No event is in two figures: the difference of two figures would reveal numbers too small to be shown. Nothing here
depends on whether somebody declined (promise R4). A further figure is a further line of the list.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Self

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from integration.rules import WATCHED_EVERY

FEWEST: Final = 5
"""A published number is about this many incidents or more (docs/decisions/audit/public-figures.md)."""

DAYS_SHOWN: Final = timedelta(days=62)
"""Days newer than this are published one by one; of older ones only the months are."""

MONTHS_SHOWN: Final = 12
"""Months in the tables of the transparency page. The files to download have all of them."""

LONGEST_DELAY: Final = timedelta(days=30)
"""Longest time for which a reviewer of figures may hold back newer days."""

LONGEST_NOTE: Final = 1_000
"""Most characters of the office's note beside the figures."""


Text = str | Promise


class Dimension(TextChoices):
    """Dimensions by which a month's number is broken down; REST is the sum of the days too small to be shown alone."""

    REST = "rest", _("Other days")
    CRIME = "crime", _("Kind of crime or emergency")
    PREMISES = "premises", _("Kind of place")
    AREA = "area", _("ZIP code")
    CONDITION = "condition", _("Condition")


class Group(StrEnum):
    """A section of the public report; its value is the anchor on the page that promises link to."""

    _value_: str
    heading: Text
    intro: Text

    def __new__(cls, anchor: str, heading: Text = "", intro: Text = "") -> Self:
        group = str.__new__(cls, anchor)
        group._value_, group.heading, group.intro = anchor, heading, intro
        return group

    WATCHED = (
        "watched",
        _("Registered cameras"),
        _("Nobody can view a registered camera. Live view needs a CORE, which a business connects by its own choice."),
    )
    REQUESTS = (
        "requests",
        _("Searches and requests"),
        _("Each incident is a crime or an emergency. Each search and request belongs to one."),
    )
    ANSWERS = (
        "answers",
        _("Answers"),
        _("Owners who gave footage, or said that there is none. Nothing else about answers is counted."),
    )
    FOOTAGE = "footage", _("Footage"), _("Files that owners gave, and what became of them.")
    LOOKS = (
        "looks",
        _("Who looked"),
        _("Each time is on its owner's own list: found in a search, address read, footage played or downloaded."),
    )
    LIVE = (
        "live",
        _("Live view"),
        _(
            "Deputies can view a connected camera only during a critical incident nearby, and only where its owner "
            "allows it. Every minute of it, from its start, is an entry in the log."
        ),
    )
    REFUSALS = (
        "refusals",
        _("Refused live views"),
        _("The portal checks each live view again all the time, and ends it when one condition fails."),
    )
    EXCEPTIONS = (
        "exceptions",
        _("Exceptions"),
        _("What supervisors delay, and what is done without one. Each has its reason in the log."),
    )
    REVIEWS = (
        "reviews",
        _("Weekly reviews"),
        _("What people look at who audit and can't act in the portal, and what followed from it."),
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """One public figure.

    events: of the entries that it counts. each: amount of one entry. fact: only entries with this fact count. by:
    breakdowns of its months. is_length: in seconds; pages show hours and minutes. is_exact: about the office's own
    duties, so small numbers are shown too. is_zero: shown while it is 0. without_core: only entries about a camera that
    was not connected to a CORE.
    """

    key: str
    group: Group
    title: Text
    events: tuple[Event, ...]
    by: tuple[Dimension, ...] = ()
    each: int = 1
    fact: str = ""
    is_length: bool = False
    is_exact: bool = False
    is_zero: bool = False
    without_core: bool = False


_KIND = (Dimension.CRIME,)
_EVERY = (Dimension.CRIME, Dimension.PREMISES, Dimension.AREA)

FIGURES: Final = (
    Figure(
        "unconnected",
        Group.WATCHED,
        _("live views of cameras without a CORE"),
        (Event.VIEW_STARTED,),
        is_exact=True,
        is_zero=True,
        without_core=True,
    ),
    Figure("incidents", Group.REQUESTS, _("incidents opened"), (Event.INCIDENT_OPENED,), _KIND),
    Figure("verified", Group.REQUESTS, _("incidents verified by a second person"), (Event.INCIDENT_VERIFIED,)),
    Figure("searches", Group.REQUESTS, _("searches"), (Event.CANVASS_DRAFTED, Event.CANVASS_CHANGED), _KIND),
    Figure("canvasses", Group.REQUESTS, _("searches that led to requests"), (Event.CANVASS_SENT,)),
    Figure("asked", Group.REQUESTS, _("owners asked for footage"), (Event.REQUEST_SENT,), _KIND),
    Figure("gave", Group.ANSWERS, _("answers with footage"), (Event.REQUEST_ANSWERED_FOOTAGE,)),
    Figure("none", Group.ANSWERS, _("answers that there is no footage"), (Event.REQUEST_ANSWERED_NONE,)),
    Figure("files_given", Group.FOOTAGE, _("files that owners gave"), (Event.UPLOAD_GIVEN,)),
    Figure("files_kept", Group.FOOTAGE, _("files kept as evidence"), (Event.EVIDENCE_RECEIVED,)),
    Figure("files_deleted", Group.FOOTAGE, _("files deleted at the end of their time"), (Event.EVIDENCE_DELETED,)),
    Figure(
        "looks",
        Group.LOOKS,
        _("looks that owners can read about"),
        (Event.CAMERA_FOUND, Event.CAMERA_SHOWN, Event.EVIDENCE_VIEWED, Event.EVIDENCE_DOWNLOADED),
        (Dimension.CRIME, Dimension.AREA),
    ),
    Figure("views", Group.LIVE, _("live views"), (Event.VIEW_STARTED,), _EVERY),
    Figure(
        "watched",
        Group.LIVE,
        _("hours viewed live"),
        (Event.VIEW_WATCHED,),
        _EVERY,
        each=int(WATCHED_EVERY.total_seconds()),
        is_length=True,
    ),
    Figure(
        "refusals",
        Group.REFUSALS,
        _("live views refused"),
        (Event.VIEW_REFUSED,),
        (Dimension.CONDITION,),
        fact="condition",
    ),
    Figure("delays", Group.EXCEPTIONS, _("delays of what an owner reads"), (Event.LOOKS_DELAYED,)),
    Figure("glass", Group.EXCEPTIONS, _("openings of live view by broken glass"), (Event.GLASS_BROKEN,)),
    Figure("glass_late", Group.EXCEPTIONS, _("such openings not explained within a week"), (Event.GLASS_OVERDUE,)),
    Figure("reviews", Group.REVIEWS, _("weeks reviewed and signed"), (Event.REVIEW_SIGNED,), is_exact=True),
    Figure("reviews_late", Group.REVIEWS, _("reviews that were late"), (Event.REVIEW_OVERDUE,), is_exact=True),
    Figure("findings", Group.REVIEWS, _("findings of reviews"), (Event.FINDING_MADE,), is_exact=True),
    Figure(
        "findings_closed", Group.REVIEWS, _("findings that were followed up"), (Event.FINDING_CLOSED,), is_exact=True
    ),
)

BY_KEY: Final = {figure.key: figure for figure in FIGURES}
