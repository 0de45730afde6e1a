"""What an owner allows, said once more from the rules alone. It shares no code with the policy."""

from datetime import datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("America/Chicago")


def may_be_seen(
    *,
    now: datetime,
    mode: str,
    shared_until: datetime | None,
    open_minutes: set[tuple[str, str]],
    closed_days: set[str],
    open_days: set[str],
    signed: tuple[datetime, str] | None,
    is_over: bool,
    is_paused: bool,
) -> bool:
    """Return it. open_minutes: ("Mon", "08:30") for each minute of a week. signed: when, and the last day (ISO)."""
    wall = now.astimezone(HERE)
    if signed is None or is_over or is_paused or now < signed[0] or wall.strftime("%Y-%m-%d") > signed[1]:
        return False
    if mode == "incident":
        return True
    if mode == "ask":
        return shared_until is not None and shared_until > now
    if mode == "schedule":
        today = wall.strftime("%Y-%m-%d")
        in_week = (wall.strftime("%a"), wall.strftime("%H:%M")) in open_minutes
        return today not in closed_days and (today in open_days or in_week)
    return False
