"""Who looked, folded by day: one line for what one person did for one incident."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit.log.events import Event
from registry.access_log.presenters.looks import Look, minutes, openings_sentence

AT_ONCE = 2
"""Lines of a day that its fold shows while it is closed."""

PARTS_OF_A_VIEW = frozenset({Event.VIEW_EXTENDED, Event.VIEW_WATCHED, Event.VIEW_ENDED})
"""Events of a live view after its start: the view counts once."""

IN_SHORT: Final[Mapping[str, str | Promise]] = {
    Event.CAMERA_FOUND: gettext_lazy("searched"),
    Event.CAMERA_SHOWN: gettext_lazy("saw the address"),
    Event.CAMERA_ASKED: gettext_lazy("asked for footage"),
    Event.EVIDENCE_VIEWED: gettext_lazy("played footage"),
    Event.EVIDENCE_DOWNLOADED: gettext_lazy("downloaded footage"),
    Event.VIEW_OFFERED: gettext_lazy("saw the list of cameras nearby"),
    Event.CLIP_ASKED: gettext_lazy("asked for a clip"),
    **dict.fromkeys((Event.VIEW_STARTED, *PARTS_OF_A_VIEW - {Event.VIEW_ENDED}), gettext_lazy("viewed live")),
}
"""Words for what was done, in the fold of a day. Any other entry keeps its sentence, which may name a number."""


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """One line of a day. about: incident and camera, or ""."""

    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class LookDay:
    """The looks of one day of the agency's clock. goes_on: older ones of the same day are on the next page."""

    day: date
    looks: Sequence[Look]
    goes_on: bool = False

    @property
    def heading(self) -> str:
        return date_format(self.day, "DATE_FORMAT")

    @property
    def lines(self) -> list[FoldedLine]:
        """How many entries open later, then what others did, newest first, then what the owner did."""
        acts: dict[tuple[str, str], list[Look]] = {}
        for look in self.looks:
            if look.is_open:
                acts.setdefault((look.who, look.incident), []).append(look)
        you = _("You")
        others = [_line(who, looks) for (who, _incident), looks in acts.items() if who != you]
        closed = Counter(look.opens for look in self.looks if not look.is_open)
        later = [FoldedLine(openings_sentence(number, opens)) for opens, number in closed.items()]
        return later + others + [_line(who, looks) for (who, _incident), looks in acts.items() if who == you]

    @property
    def first(self) -> list[FoldedLine]:
        return self.lines[:AT_ONCE]

    @property
    def rest(self) -> list[FoldedLine]:
        return self.lines[AT_ONCE:]


def look_days(looks: Sequence[Look], *, goes_on: bool = False) -> list[LookDay]:
    """Return the days of looks, newest first. goes_on: of the last day."""
    days: dict[date, list[Look]] = {}
    for look in looks:
        days.setdefault(localdate(look.at), []).append(look)
    oldest = min(days, default=None)
    return [LookDay(day, found, goes_on and day == oldest) for day, found in days.items()]


def _line(who: str, looks: Sequence[Look]) -> FoldedLine:
    watched = sum(len(look.parts) or 1 for look in looks if look.event == Event.VIEW_WATCHED)
    cameras = {look.camera_id: look.camera for look in looks if look.camera and look.event != Event.OWNER_SEEN}
    # The portal ends views as well, and that alone is no look.
    told = [look for look in looks if look.event != Event.VIEW_ENDED] or looks
    done = [
        *dict.fromkeys(str(IN_SHORT.get(look.event, look.sentence)) for look in reversed(told)),
        *([minutes(watched)] if watched else []),
        *([_cameras(len(cameras))] if len(cameras) > 1 else []),
    ]
    times = max(1, sum(look.times for look in looks if look.event not in PARTS_OF_A_VIEW))
    sentence = ngettext("%(who)s: %(what)s", "%(who)s: %(what)s, %(number)d times", times)
    return FoldedLine(
        sentence % {"who": who, "what": ", ".join(done), "number": times}, _about(looks[0], [*cameras.values()])
    )


def _about(look: Look, cameras: Sequence[str]) -> str:
    incident = f"{look.offence}, {look.incident}" if look.incident else ""
    return " · ".join(filter(None, [incident, *(cameras if len(cameras) == 1 else [])]))


def _cameras(number: int) -> str:
    return ngettext("%(number)d camera", "%(number)d cameras", number) % {"number": number}
