"""The rules of an owner, written once more from their text alone. They share no code with the policy."""

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
    """Apply the rules. open_minutes: ("Mon", "08:30") for each minute that was typed. signed: when, last day (ISO)."""
    wall = now.astimezone(HERE)
    if signed is None or is_over or is_paused or now < signed[0] or wall.strftime("%Y-%m-%d") > signed[1]:
        return False
    if mode == "incident":
        return True
    if mode == "ask":
        return shared_until is not None and shared_until > now
    if mode in ("schedule", "outside"):
        today = wall.strftime("%Y-%m-%d")
        in_week = ((wall.strftime("%a"), wall.strftime("%H:%M")) in open_minutes) == (mode == "schedule")
        return today not in closed_days and (today in open_days or in_week)
    return False


def may_see(
    *,
    incident: dict[str, bool],
    declared: tuple[datetime, datetime, str, float] | None,
    meters: float,
    pinned: bool,
    camera: dict[str, bool],
    core: str,
    owner_allows: bool,
    deputy: dict[str, object],
    reason: str | None,
    grant: dict[str, object] | None,
    now: datetime,
    safe: bool,
    elsewhere: bool = False,
) -> bool:
    """Return whether somebody may see a camera.

    incident: whether it is open and verified, whether two people broke the glass, and whether the owner signed for that
    and chose it. declared: from, to, state, radius
    in meters. meters: how far it is. elsewhere: whether it was viewed for another incident whose glass was broken, in
    the last 24 hours.
    """
    critical = declared is not None and declared[2] == "in_force" and declared[0] <= now < declared[1]
    near = declared is not None and pinned and meters <= declared[3] + 1
    runs = grant is None or (grant["state"] == "running" and now < grant["ends"] and grant["used"] < grant["allowed"])  # type: ignore[operator]
    parts = [
        incident["open"],
        (incident["chosen"] and not elsewhere) if incident["glass"] else incident["verified"],
        critical,
        near,
        camera["connected"] and camera["registered"] and not camera["paused"],
        core == "active",
        owner_allows,
        deputy["role"] in ("deputy", "supervisor") and deputy["active"] and deputy["assigned"],
        reason is None or reason.strip() != "",
        runs and (grant is None or bool(grant["here"])),
        safe,
    ]
    return all(parts)
