from collections.abc import Mapping
from typing import Protocol, TypeVar

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User, actor_of
from fusus_portal.ground.lifecycle import Lifecycle, Rule
from fusus_portal.ground.rows import InLog

Facts = Mapping[str, int | str]


class Stateful(Protocol):
    """A row with a lifecycle. step_facts, in_log: facts and incident in the entry of each step."""

    state: str

    @property
    def lifecycle(self) -> Lifecycle: ...
    @property
    def step_facts(self) -> Facts: ...
    @property
    def in_log(self) -> InLog: ...
    @property
    def subject(self) -> Subject: ...
    def save(self) -> None: ...


Row = TypeVar("Row", bound=Stateful)


def check(row: Stateful, target: str, by: User | Actor, *, role: str = "") -> Rule:
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
