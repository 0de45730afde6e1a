"""Counts the public figures again from `manage.py ledger export`, with nothing of the portal: one file to read and run.

    python3 recount.py EXPORT report.json [ZONE]

EXPORT: the folder. report.json: as the public has it. ZONE: the agency's clock, America/Chicago where none is named.
docs/recomputing-figures.md says the same in words. Exit code 1 where a number or a checkpoint differs.
"""

import base64
import hashlib
import json
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FEWEST = 5
DAYS_SHOWN = 62
CRIME, PREMISES, AREA = ("crime", "offence"), ("premises", "premises"), ("area", "area")
COUNTS: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "incidents": (["registry:incident:open"], [CRIME]),
    "verified": (["registry:incident:verify"], []),
    "searches": (["registry:canvass:draft", "registry:canvass:change"], [CRIME]),
    "canvasses": (["registry:canvass:send"], []),
    "asked": (["registry:request:send"], [CRIME]),
    "gave": (["registry:request:footage"], []),
    "none": (["registry:request:none"], []),
    "files_given": (["registry:upload:give"], []),
    "files_kept": (["registry:evidence:receive"], []),
    "files_deleted": (["registry:evidence:delete"], []),
    "looks": (
        ["registry:camera:find", "registry:camera:show", "registry:evidence:view", "registry:evidence:download"],
        [CRIME, AREA],
    ),
    "views": (["integration:view:start"], [CRIME, PREMISES, AREA]),
    "watched": (["integration:view:watch"], [CRIME, PREMISES, AREA]),
    "refusals": (["integration:view:refuse"], [("condition", "condition")]),
    "delays": (["registry:looks:delay"], []),
    "glass": (["integration:break-glass:break"], []),
    "glass_late": (["integration:break-glass:overdue"], []),
    "reviews": (["audit:review:sign"], []),
    "reviews_late": (["audit:review:overdue"], []),
    "findings": (["audit:finding:make"], []),
    "findings_closed": (["audit:finding:close"], []),
}
EXACT = ("reviews", "reviews_late", "findings", "findings_closed")
CONNECTS, DISCONNECTS = "integration:camera:connect", "integration:camera:disconnect"

Entry = dict[str, Any]


def leaves(folder: Path) -> list[bytes]:
    """Return the bytes of all places, in their order."""
    found: list[bytes] = []
    below = folder / "tile" / "entries"
    files = {number_of(file.relative_to(below)): file for file in below.rglob("*") if file.is_file()}
    for n in sorted(files):
        content, at = files[n].read_bytes(), 0
        while at < len(content):
            end = at + 2 + int.from_bytes(content[at : at + 2], "big")
            found.append(content[at + 2 : end])
            at = end
    return found


def number_of(path: Path) -> int:
    """Return the number of a bundle: "x001/234" and "x001/234.p/7" are 1234."""
    parts = path.parts[:-1] if path.parts[-2:-1] and path.parts[-2].endswith(".p") else path.parts
    return int("".join(part.removeprefix("x").removesuffix(".p") for part in parts))


def root(hashes: list[bytes]) -> bytes:
    """Return the root of a tree (RFC 6962)."""
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(hashes[:middle]) + root(hashes[middle:])).digest()


class Recount:
    """The figures of an export."""

    def __init__(self, folder: Path, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.leaves = leaves(folder)
        self.entries = [(place, json.loads(content)) for place, content in enumerate(self.leaves)]
        self.entries = [(place, entry) for place, entry in self.entries if "at" in entry]
        counted = [entry["facts"] for _place, entry in self.entries if entry["event"] == "oversight:figures:count"]
        self.sizes = {date.fromisoformat(facts["day"]): facts["size"] for facts in counted}
        self.days = sorted(self.sizes)
        self.of_day = self.dealt()

    def dealt(self) -> dict[date, list[Entry]]:
        """Return the entries of each day."""
        found: dict[date, list[Entry]] = {day: [] for day in self.days}
        for place, entry in self.entries:
            at = datetime.fromisoformat(entry["at"])
            for day in self.days:
                if place < self.sizes[day] and at < self.midnight(day + timedelta(days=1)):
                    found[day].append(entry)
                    break
        return found

    def midnight(self, day: date) -> datetime:
        """Return when a day begins."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)

    def checkpoint(self, day: date) -> tuple[int, str]:
        """Return size and root that a day was counted from."""
        hashes = [hashlib.sha256(b"\x00" + content).digest() for content in self.leaves[: self.sizes[day]]]
        return self.sizes[day], base64.b64encode(root(hashes)).decode()

    def counted(self, figure: str, days: list[date]) -> list[Entry]:
        """Return the entries that a figure counts on some days."""
        events = COUNTS[figure][0]
        found = [entry for day in days for entry in self.of_day[day] if entry["event"] in events]
        return [entry for entry in found if figure != "refusals" or "condition" in entry.get("facts", {})]

    def unconnected(self) -> int:
        """Return how many live views were of a camera that no CORE had connected."""
        behind: dict[str, str] = {}
        found = 0
        for day in self.days:
            for entry in sorted(self.of_day[day], key=lambda each: int(each["id"])):
                if entry["event"] in (CONNECTS, DISCONNECTS):
                    behind[entry["camera"]] = entry["event"]
                elif entry["event"] == "integration:view:start":
                    found += behind.get(entry["camera"]) != CONNECTS
        return found

    def is_told(self, key: str, entries: list[Entry]) -> bool:
        """Return whether a day is shown alone."""
        return bool(entries) if key in EXACT else incidents(entries) >= FEWEST

    def figure(self, key: str) -> dict[str, Any]:
        """Return what is public of a figure: total, months, days."""
        months: dict[str, dict[str, Any]] = {}
        days: dict[str, int] = {}
        waiting: list[date] = []
        by_month: dict[str, list[date]] = defaultdict(list)
        for day in self.days:
            by_month[f"{day:%Y-%m}"].append(day)
        for month, its_days in by_month.items():
            told = [day for day in its_days if self.is_told(key, self.counted(key, [day]))]
            hidden = [day for day in its_days if day not in told]
            number, rest, by = sum(self.amount(key, [day]) for day in told), 0, {}
            days |= {day.isoformat(): self.amount(key, [day]) for day in told}
            if (its_days[-1] + timedelta(days=1)).day == 1:
                waiting += hidden
                if FEWEST <= incidents(self.counted(key, waiting)) <= (len(hidden) - 1) * (FEWEST - 1):
                    rest = self.amount(key, waiting)
                    told, waiting = [*told, *waiting], []
                by = self.broken_down(key, told, month)
            else:
                waiting += hidden
            if told:
                months[month] = {"number": number + rest, "rest": rest, "by": by}
        return {"months": months, "days": days}

    def amount(self, key: str, days: list[date]) -> int:
        """Return the number: entries, and of minutes their seconds."""
        return times(self.counted(key, days)) * (60 if key == "watched" else 1)

    def broken_down(self, key: str, days: list[date], month: str) -> dict[str, dict[str, int]]:
        """Return a month by each dimension, with all that is not named under "others"."""
        found = {}
        for dimension, field in COUNTS[key][1]:
            parts: dict[str, list[Entry]] = defaultdict(list)
            for entry in self.counted(key, days):
                parts[str(entry.get(field) or entry.get("facts", {}).get(field, ""))].append(entry)
            large = [value for value, part in parts.items() if value and weight(part, dimension) >= FEWEST]
            large.sort(key=lambda value: hashlib.sha256(f"{key} {month} {dimension} {value}".encode()).digest())
            each = 60 if key == "watched" else 1
            if len(large) > 1:
                shown = {value: times(parts[value]) * each for value in large[1:]}
                others = sum(map(times, parts.values())) * each - sum(shown.values())
                found[dimension] = {**shown, "others": others}
        return found


def times(entries: list[Entry]) -> int:
    """Return how often entries say that something was done."""
    return sum(
        entry.get("facts", {}).get("count", 1) if entry["event"] == "registry:camera:show" else 1 for entry in entries
    )


def incidents(entries: list[Entry]) -> int:
    """Return how many incidents entries are about."""
    named = {entry.get("incident") or entry.get("facts", {}).get("incident") for entry in entries}
    return len(named - {None})


def weight(entries: list[Entry], dimension: str) -> int:
    """Return how large a part is: of places and areas, cameras count where they are fewer."""
    cameras = {entry["camera"] for entry in entries if "camera" in entry}
    return min(incidents(entries), len(cameras)) if dimension in ("premises", "area") else incidents(entries)


def differences(recount: Recount, report: dict[str, Any]) -> list[str]:
    """Return what the report says otherwise."""
    through = date.fromisoformat(report["through"])
    shown = {figure["key"]: figure for figure in report["figures"]}
    found = [] if recount.checkpoint(through) == tuple(report["checkpoint"].values()) else ["the checkpoint"]
    if shown.get("unconnected", {}).get("total") != recount.unconnected():
        found.append("unconnected")
    for key in COUNTS:
        own, public = recount.figure(key), shown.get(key, {"total": 0, "months": [], "days": []})
        since = (through - timedelta(days=DAYS_SHOWN - 1)).isoformat()
        days = {day: number for day, number in own["days"].items() if day >= since}
        months = {
            month["month"]: {
                "number": month["number"],
                "rest": month["rest"],
                "by": {
                    dimension: {part["value"]: part["number"] for part in parts}
                    for dimension, parts in month["by"].items()
                },
            }
            for month in public["months"]
        }
        if days != {each["day"]: each["number"] for each in public["days"]}:
            found.append(f"{key} by day")
        if own["months"] != months:
            found.append(f"{key} by month")
        if sum(month["number"] for month in own["months"].values()) != public["total"]:
            found.append(f"{key} of all time")
        found += [
            f"the checkpoint of {key} on {told['day']}"
            for told in public["days"]
            if recount.checkpoint(date.fromisoformat(told["day"])) != (told["size"], told["root"])
        ]
    return found


def main() -> int:
    """Compare a report with an export."""
    folder, report, *zone = sys.argv[1:]
    recount = Recount(Path(folder), zone[0] if zone else "America/Chicago")
    found = differences(recount, json.loads(Path(report).read_text(encoding="utf-8")))
    sys.stdout.write("".join(f"differs: {each}\n" for each in found) or "All figures come out the same.\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
