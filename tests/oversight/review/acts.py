"""Looks, calls and uses of sign-ins as the log would tell them, for the detectors' own numbers."""

from datetime import UTC, datetime, timedelta

from fusus_portal.oversight.review import week
from fusus_portal.oversight.review.flags.searches import Call, Look
from fusus_portal.oversight.review.flags.sign_ins import Use

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
"""00:00 on the agency's clock."""

NOON = MONDAY + timedelta(hours=12)
WEEK = week.of(NOON)


def look(
    entry: int,
    *,
    incident: str = "",
    person: str = "one",
    at: datetime | None = None,
    reason: bytes | None = None,
) -> Look:
    """Return a look, each for an incident of its own unless told otherwise."""
    moment = at or NOON + timedelta(minutes=entry)
    return Look(entry, moment, person, f"Deputy {person}", incident or f"incident {entry}", reason)


def own(*, by: str = "one") -> Call:
    """Return an incident that a person opened and a supervisor verified."""
    return Call(NOON, by, f"Deputy {by}", is_verified=True, entries=(1, 2))


def from_dispatch(at: datetime = NOON) -> Call:
    """Return an incident that dispatch opened."""
    return Call(at, is_known=True, is_verified=True, entries=(1,))


def lapsed(*, by: str = "one") -> Call:
    """Return an incident that nobody verified."""
    return Call(NOON, by, f"Deputy {by}", lapsed=True, entries=(1, 900))


def use(minute: float, place: str, *, sign_in: str = "", person: str = "one", agent: str = "") -> Use:
    """Return a use of an account so many minutes after noon, from a network with a browser of its own."""
    at = NOON + timedelta(minutes=minute)
    return Use(round(minute * 10), at, person, f"Deputy {person}", sign_in or place, place, agent or place)
