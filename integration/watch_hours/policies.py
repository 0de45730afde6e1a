"""Limits for the hours of live view, and flags in words. It reads no rows. All lengths are seconds in seven days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple, TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.numbers import CAMERA, number_of
from integration.rules import AREA_LEAST, AREA_TIMES_MEDIAN, KIND_FEWEST, KIND_LONG, WATCHED_LONG
from integration.watch_hours.models import FlagAbout, WatchFlag
from registry.places.models import PremisesKind

K = TypeVar("K")


class Area(NamedTuple):
    kind: str
    zip_code: str


@dataclass(frozen=True, slots=True)
class Watched:
    """Time for which a camera in an area was viewed live. camera: its opaque id."""

    camera: str
    area: Area
    seconds: int


def findings(watched: Iterable[Watched], connected: Mapping[Area, int]) -> list[WatchFlag]:
    """Return unsaved flags beyond a limit. connected: number of cameras in each area that could be watched."""
    rows = list(watched)
    return [*_cameras(rows), *_areas(rows, connected), *_kinds(rows, connected)]


def _cameras(rows: list[Watched]) -> Iterator[WatchFlag]:
    usual = int(WATCHED_LONG.total_seconds())
    for camera, seconds in summed((row.camera, row.seconds) for row in rows).items():
        if seconds > usual:
            yield WatchFlag(about=FlagAbout.CAMERA, key=camera, seconds=seconds, usual_seconds=usual, cameras=1)


def _areas(rows: list[Watched], connected: Mapping[Area, int]) -> Iterator[WatchFlag]:
    """Yield each area that was watched for more than three times the median of the other areas of its kind.

    An unwatched area counts among the others, with 0. If no other area has cameras of this kind, areas of all kinds
    count; if there is no other area, none is flagged.
    """
    sums = dict.fromkeys(connected, 0) | summed((row.area, row.seconds) for row in rows)
    cameras = _cameras_of(rows, connected)
    for area, seconds in sums.items():
        others = {other: length for other, length in sums.items() if other != area}
        alike = [length for other, length in others.items() if other.kind == area.kind]
        compared = alike or list(others.values())
        usual = median(compared) if compared else seconds
        if seconds >= AREA_LEAST.total_seconds() and seconds > AREA_TIMES_MEDIAN * usual:
            flag = WatchFlag(about=FlagAbout.AREA, key=f"{area.kind} {area.zip_code}", seconds=seconds)
            flag.usual_seconds, flag.cameras = int(usual), cameras[area]
            yield flag


def _kinds(rows: list[Watched], connected: Mapping[Area, int]) -> Iterator[WatchFlag]:
    cameras = summed((area.kind, number) for area, number in _cameras_of(rows, connected).items())
    for kind, seconds in summed((row.area.kind, row.seconds) for row in rows).items():
        usual = int(cameras[kind] * KIND_LONG.total_seconds())
        if seconds > usual and cameras[kind] >= KIND_FEWEST:
            flag = WatchFlag(about=FlagAbout.KIND, key=kind, seconds=seconds)
            flag.usual_seconds, flag.cameras = usual, cameras[kind]
            yield flag


def _cameras_of(rows: list[Watched], connected: Mapping[Area, int]) -> dict[Area, int]:
    """Return the number of cameras in each area. A camera that was watched, and then disconnected, counts."""
    seen: dict[Area, set[str]] = defaultdict(set)
    for row in rows:
        seen[row.area].add(row.camera)
    return {area: max(connected.get(area, 0), len(seen[area])) for area in {*connected, *seen}}


def summed(pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    sums: dict[K, int] = defaultdict(int)
    for key, number in pairs:
        sums[key] += number
    return dict(sorted(sums.items(), key=lambda pair: str(pair[0])))


def flag_sentence(flag: WatchFlag) -> str:
    """Return the sentence of a flag, with its numbers. It names no deputy, and a camera by its number."""
    lengths = {"long": clock(flag.seconds), "usual": clock(flag.usual_seconds), "cameras": flag.cameras}
    week = {"week": date_format(flag.week, "DATE_FORMAT")}
    if flag.about == FlagAbout.CAMERA:
        sentence = _("Camera %(key)s was viewed live for %(long)s hours in seven days (week of %(week)s).")
        return sentence % {"key": number_of(CAMERA, flag.key), **lengths, **week}
    if flag.about == FlagAbout.AREA:
        kind, _space, zip_code = flag.key.partition(" ")
        sentence = _(
            "The area %(area)s was viewed live for %(long)s hours in seven days; the median of the others is "
            "%(usual)s (week of %(week)s)."
        )
        return sentence % {"area": area_name(kind, zip_code), **lengths, **week}
    sentence = ngettext(
        "The %(cameras)d camera of the kind “%(kind)s” was viewed live for %(long)s hours in seven days (week of "
        "%(week)s).",
        "The %(cameras)d cameras of the kind “%(kind)s” were viewed live for %(long)s hours in seven days, more than "
        "an hour each (week of %(week)s).",
        flag.cameras,
    )
    return sentence % {"kind": kind_name(flag.key), **lengths, **week}


def clock(seconds: int) -> str:
    """Return a length in hours and minutes: "8:05"."""
    minutes = seconds // 60
    return f"{minutes // 60:,}:{minutes % 60:02}"


def kind_name(kind: str) -> str:
    return str(PremisesKind(kind).label) if kind in PremisesKind.values else kind


def area_name(kind: str, zip_code: str) -> str:
    return f"{zip_code}, {kind_name(kind)}"
