"""Texts of lengths, kinds of premises, areas and flags."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.numbers import CAMERA, number_of
from integration.watch_hours.models import FlagAbout, WatchFlag
from registry.places.models import PremisesKind


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
