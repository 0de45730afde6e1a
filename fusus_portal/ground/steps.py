from collections.abc import Mapping
from typing import TypeVar

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User, actor_of
from fusus_portal.ground.lifecycle import Rule
from fusus_portal.ground.rows import Stepped

Facts = Mapping[str, int | str]


Row = TypeVar("Row", bound=Stepped)


def check(row: Stepped, target: str, by: User | Actor, *, role: str = "") -> Rule:
    """Return the rule of a step before it is taken. Raises Refused or Stale. role: as in `take`."""
    role = role or actor_of(by).role
    return row.lifecycle.check(source=row.state, target=target, role=role, subject=row.subject)


def take(
    row: Row, target: str, by: User | Actor, *, role: str = "", facts: Facts | None = None, reason: str = ""
) -> Row:
    """Take a step of a locked row, with its entry, in the caller's transaction. Raises Refused or Stale.

    role: of the act, if not the account's. facts: for the entry, besides `step_facts`. reason: as for `record`.
    """
    rule = check(row, target, by, role=role)
    row.state = target
    row.save()
    told = {**row.step_facts, **(facts or {})}
    record(event=Event(rule.event), actor=actor_of(by), subject=row.subject, facts=told, reason=reason, **row.in_log)
    return row
