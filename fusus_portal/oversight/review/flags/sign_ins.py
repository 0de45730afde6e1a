"""Flags of sign-ins: one sign-in used at two places, and an account that several people seem to share.

A network here is a provider's region (16 bits of IPv4, 32 of IPv6), within which a moving phone changes its address.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise, takewhile
from typing import Protocol, TypeVar

from django.utils import timezone

from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind, grouped
from fusus_portal.oversight.review.week import Week


class Dated(Protocol):
    @property
    def at(self) -> datetime:
        """Moment of the event."""


Event = TypeVar("Event", bound=Dated)


def stretches(dated: Sequence[Event], within: timedelta) -> Iterator[Sequence[Event]]:
    """Yield for each event the events `within` that time after it, itself included. dated: all events, oldest first."""
    end = 0
    for place, first in enumerate(dated):
        while end < len(dated) and dated[end].at - first.at <= within:
            end += 1
        yield dated[place:end]


REGION_BITS = {4: 16, 6: 32}

# One row for each minute, sign-in, address and browser: a page of 300 cameras is 300 entries of one moment. Texts are
# looked up once for each act, since its entries share them.
USES = """
WITH acts AS (
    SELECT actor_id, sign_in, address_digest, agent_digest, date_trunc('minute', at) AS minute,
           min(id) AS entry, max(actor_pseudonym) AS pseudonym
    FROM audit_entry
    WHERE at >= %(begin)s AND at < %(end)s AND actor_kind = %(kind)s AND actor_role = ANY(%(roles)s)
          AND sign_in <> '' AND address_digest IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
)
SELECT min(entry), minute, actor_id, max(pseudonym), sign_in, address.text, coalesce(agent.text, '')
FROM acts
JOIN audit_detail address ON address.digest = acts.address_digest
LEFT JOIN audit_detail agent ON agent.digest = acts.agent_digest
GROUP BY actor_id, sign_in, minute, address.text, agent.text
ORDER BY actor_id, min(entry)
"""


@dataclass(frozen=True, slots=True)
class Use:
    """Use of an account within a minute. entry: id of the first. network: its provider's region. agent: the browser."""

    entry: int
    at: datetime
    person: str
    pseudonym: str
    sign_in: str
    network: str
    agent: str

    @property
    def place(self) -> tuple[str, str]:
        return self.network, self.agent


def sign_in_flags(week: Week) -> list[Flag]:
    uses = _uses(week)
    return [*two_places(uses), *shared_accounts(uses)]


def two_places(uses: Iterable[Use]) -> list[Flag]:
    flags = []
    for theirs in grouped(uses, lambda use: use.person).values():
        worst = max(map(_returns, grouped(theirs, lambda use: use.sign_in).values()), key=len)
        if len(worst) >= rules.BACK_TIMES:
            entries = sorted({use.entry for pair in worst for use in pair})
            facts = {"times": len(worst), "networks": len({use.network for pair in worst for use in pair})}
            weight = len(worst) / rules.BACK_TIMES
            flags.append(Flag(FlagKind.TWO_PLACES, theirs[-1].pseudonym, tuple(entries), facts, weight))
    return flags


def shared_accounts(uses: Iterable[Use]) -> list[Flag]:
    flags = []
    for theirs in grouped(uses, lambda use: use.person).values():
        signs = [_in_turn(theirs), _many_places(theirs), _around_the_clock(theirs)]
        weight, sign, number, shown = max(signs, key=lambda each: each[0])
        if weight >= 1:
            entries = sorted({use.entry for use in shown})
            sign_ins = len({use.sign_in for use in theirs})
            facts: dict[str, int | str] = {"sign": sign, "number": number, "sign_ins": sign_ins}
            flags.append(Flag(FlagKind.SHARED_ACCOUNT, theirs[-1].pseudonym, tuple(entries), facts, weight))
    return flags


def provider_region(address: str) -> str:
    """Return the provider's region of a network address; return any other text as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, REGION_BITS[found.version]), strict=False))


def _returns(theirs: list[Use]) -> list[tuple[Use, Use]]:
    """Return each move back to a place just left, as the use before and the use after. theirs: uses of one sign-in."""
    seen: dict[tuple[str, str], datetime] = {}
    moves = []
    for before, use in pairwise(theirs):
        seen[before.place] = before.at
        last = seen.get(use.place)
        if use.place != before.place and last is not None and use.at - last <= rules.BACK_WITHIN:
            moves.append((before, use))
    return moves


def _in_turn(theirs: list[Use]) -> tuple[float, str, int, list[Use]]:
    """Find days on which two sign-ins took turns (A, B, A) from two networks; return weight, sign, days, and uses."""
    shown: dict[object, list[Use]] = {}
    for place, (use, other) in enumerate(pairwise(theirs)):
        if _are_apart(use, other) and _comes_back(use, islice(theirs, place + 2, None)):
            shown.setdefault(timezone.localdate(use.at), []).extend((use, other))
    uses = [use for day in shown.values() for use in day]
    return len(shown) / rules.SHARED_DAYS, "in_turn", len(shown), uses


def _comes_back(use: Use, later: Iterable[Use]) -> bool:
    soon = takewhile(lambda one: one.at - use.at <= rules.AT_THE_SAME_TIME, later)
    return any(one.sign_in == use.sign_in for one in soon)


def _are_apart(use: Use, other: Use) -> bool:
    return use.sign_in != other.sign_in and use.network != other.network and use.agent != other.agent


def _many_places(theirs: list[Use]) -> tuple[float, str, int, list[Use]]:
    most: list[Use] = []
    for within in stretches(theirs, rules.SHARED_WITHIN):
        apart = _apart(within)
        most = max(most, apart, key=len)
    return len(most) / rules.SHARED_PLACES, "places", len(most), most


def _apart(within: Iterable[Use]) -> list[Use]:
    apart: list[Use] = []
    for use in within:
        if all(_are_apart(use, one) for one in apart):
            apart.append(use)
    return apart


def _around_the_clock(theirs: list[Use]) -> tuple[float, str, int, list[Use]]:
    days: dict[object, dict[int, Use]] = {}
    for use in theirs:
        local = timezone.localtime(use.at)
        days.setdefault(local.date(), {}).setdefault(local.hour, use)
    most = max(days.values(), key=len)
    return len(most) / rules.SHARED_HOURS, "hours", len(most), list(most.values())


def _uses(week: Week) -> list[Use]:
    """Return the uses of agency accounts in a week. Entries with an expired address are missing."""
    rows = week.rows(USES, roles=sorted(AGENCY_ROLES))
    return [
        Use(entry, at, person, pseudonym, sign_in, provider_region(address), agent)
        for entry, at, person, pseudonym, sign_in, address, agent in rows
    ]
