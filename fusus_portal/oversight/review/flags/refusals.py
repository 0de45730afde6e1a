"""Refusals in a row: somebody tries doors. Acts that came too late are left out; they reveal no owner's answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags.contract import Flag, FlagKind
from fusus_portal.oversight.review.flags.stretches import stretches
from fusus_portal.oversight.review.week import Week

DOORS = (Event.ACT_REFUSED, Event.ACT_NOT_FOUND, Event.VIEW_REFUSED)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One entry of a refused act. times: tries within a minute."""

    entry: int
    at: datetime
    person: str
    pseudonym: str
    times: int = 1


def found(week: Week) -> list[Flag]:
    rows = AuditEntry.objects.filter(at__gte=week.begin, at__lt=week.end, event__in=DOORS, outcome="refused")
    people = rows.filter(actor_kind=ActorKind.USER, actor_role__in=sorted(AGENCY_ROLES)).order_by("id")
    names = ("id", "at", "actor_id", "actor_pseudonym", "facts")
    return flagged(
        Refusal(entry, at, person, pseudonym, int(facts.get("count", 1)))
        for entry, at, person, pseudonym, facts in people.values_list(*names)
    )


def flagged(refusals: Iterable[Refusal]) -> list[Flag]:
    people: dict[str, list[Refusal]] = {}
    for refusal in refusals:
        people.setdefault(refusal.person, []).append(refusal)
    flags = []
    for theirs in people.values():
        worst = max(stretches(theirs, rules.REFUSED_WITHIN), key=_times)
        if _times(worst) >= rules.REFUSED_TIMES:
            entries = tuple(one.entry for one in worst[: rules.ENTRIES_NAMED])
            facts = {"times": _times(worst), "week": _times(theirs)}
            weight = _times(worst) / rules.REFUSED_TIMES
            flags.append(Flag(FlagKind.REFUSED, worst[-1].pseudonym, entries, facts, weight))
    return flags


def _times(theirs: Iterable[Refusal]) -> int:
    return sum(one.times for one in theirs)
