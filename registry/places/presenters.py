"""What a camera covers and keeps, in words and as a sector for the map."""

from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.places.compass import word_of


class Covering(Protocol):
    """Whatever tells where a camera faces: degrees, degrees and meters."""

    @property
    def facing(self) -> int | None:
        """Degrees from north, clockwise."""

    @property
    def angle(self) -> int | None:
        """How wide, in degrees."""

    @property
    def reach_m(self) -> int | None:
        """How far, in meters."""


def coverage_in_words(facing: int | None, angle: int | None, reach_m: int | None) -> str:
    """Return "faces northeast, 90° wide, as far as 30 m", or what of it is known; "" when nothing is."""
    if facing is None:
        return ""
    parts = [_("faces %(wind)s") % {"wind": word_of(facing)}]
    if angle is not None:
        parts.append(_("%(angle)d° wide") % {"angle": angle})
    if reach_m is not None:
        parts.append(_("as far as %(meters)d m") % {"meters": reach_m})
    return ", ".join(parts)


def kept_in_words(days: int | None) -> str:
    """Return how long the device keeps footage, or ""."""
    return (
        ""
        if days is None
        else ngettext("keeps footage %(days)d day", "keeps footage %(days)d days", days) % {"days": days}
    )


def sector(camera: Covering) -> dict[str, int]:
    """Return the sector as the map reads it, empty unless all three of its numbers are known."""
    if camera.facing is None or camera.angle is None or camera.reach_m is None:
        return {}
    return {"facing": camera.facing, "angle": camera.angle, "reach": camera.reach_m}


def overwritten(days_kept: int | None, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Return a warning when a device has probably overwritten what is asked for, or part of it; else ""."""
    if days_kept is None or starts_at + timedelta(days=days_kept) > now:
        return ""
    kept = {"days": days_kept}
    if ends_at + timedelta(days=days_kept) <= now:
        return (
            ngettext(
                "Keeps %(days)d day: this footage is probably overwritten already.",
                "Keeps %(days)d days: this footage is probably overwritten already.",
                days_kept,
            )
            % kept
        )
    return (
        ngettext(
            "Keeps %(days)d day: part of this footage may be overwritten already.",
            "Keeps %(days)d days: part of this footage may be overwritten already.",
            days_kept,
        )
        % kept
    )
