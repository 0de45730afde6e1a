"""Lifecycles: allowed steps between states, who may take them, and the events that record them.

Only `Lifecycle.check` decides if a step may happen now. Every service takes the same six steps: lock and read again
(parent first), ask the policy, ask the lifecycle, write, record, and send messages after the commit. A policy judges
the rest in one sentence: `check_*` raises ValidationError for input (its key is the form's field), `may_*` Refused for
a person, `must_*` Stale if the row has changed. A page asks the same functions through `why_not`.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, ParamSpec, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _


class Denied(Exception):
    """A refused act. sentence: shown to the person. subject: (kind, id) for the audit entry."""

    def __init__(self, sentence: str, *, subject: tuple[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.subject = subject


class Refused(Denied):
    """The person may not do this (HTTP 403)."""


class Stale(Denied):
    """The act was possible and no longer is: the row has changed (HTTP 409)."""


class NotYours(Denied):
    """The row does not exist for this person (HTTP 404)."""


class Taker(Protocol):
    """Roles that may take a step, and the sentence that refuses others; "" if no account has such a role."""

    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def sentence(self) -> str: ...


class Other(StrEnum):
    """Takers of steps without an account, each a role of its own."""

    TASK = "task"
    DEVICE = "device"
    DISPATCH = "dispatch"
    LINK = "link"
    INVITED = "invited person"
    CLOCK = "clock"
    OPERATOR = "operator"
    """The operator at the server, while fewer than two administrators can act."""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.value})

    @property
    def sentence(self) -> str:
        return ""


class Rule:
    """Roles that may take a step, and the audit event that records it."""

    def __init__(self, event: str, *takers: Taker) -> None:
        self.event = str(event)
        self.takers = takers

    @property
    def who(self) -> frozenset[str]:
        return frozenset().union(*(taker.roles for taker in self.takers))

    @property
    def sentence(self) -> str:
        return " ".join(filter(None, (taker.sentence for taker in self.takers)))


class Lifecycle:
    """States of a thing and the steps between them. name: the thing's, for people. start: states of a new thing."""

    def __init__(
        self,
        *,
        name: str,
        states: type[TextChoices],
        start: Iterable[str],
        transitions: Mapping[tuple[TextChoices, TextChoices], Rule],
    ) -> None:
        self.name, self.states = name, states
        self.start = tuple(str(state) for state in start)
        self.transitions: dict[tuple[str, str], Rule] = {
            (str(source), str(target)): rule for (source, target), rule in transitions.items()
        }
        if _lifecycles.setdefault(name, self) is not self:
            raise ValueError(f"two lifecycles are called {name!r}")

    def check(self, *, source: str, target: str, role: str, subject: tuple[str, str] | None = None) -> Rule:
        """Return the step's rule. Raises Stale if the table has no such step, Refused if `role` may not take it."""
        rule = self.transitions.get((str(source), str(target)))
        if rule is None:
            raise self.stale(source, subject=subject)
        if role not in rule.who:
            nobody = _("Your role does not allow the step to “%(state)s”.") % {"state": self.label(target)}
            raise Refused(rule.sentence or nobody, subject=subject)
        return rule

    def label(self, state: str) -> str:
        return str(self.states(state).label)

    def targets(self, source: str) -> tuple[str, ...]:
        return tuple(target for (begin, target) in self.transitions if begin == str(source))

    def stale(self, source: str, *, subject: tuple[str, str] | None = None) -> Stale:
        sentence = _("This is already “%(state)s”, so that can't be done any more.")
        return Stale(sentence % {"state": self.label(source)}, subject=subject)


_lifecycles: dict[str, Lifecycle] = {}


def all_lifecycles() -> list[Lifecycle]:
    return [_lifecycles[name] for name in sorted(_lifecycles)]


P = ParamSpec("P")


def why_not(check: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> str:
    try:
        check(*args, **kwargs)
    except Denied as denied:
        return denied.sentence
    except ValidationError as invalid:
        return " ".join(invalid.messages)
    return ""


def check_all(*checks: Callable[[], object]) -> None:
    """Run all checks; raise one ValidationError with their refusals, by field, if any refuses."""
    wrong: dict[str, list[str]] = {}
    for check in checks:
        try:
            check()
        except ValidationError as invalid:
            wrong |= invalid.message_dict
    if wrong:
        raise ValidationError(wrong)


Row = TypeVar("Row")


def find_or_refuse(rows: "QuerySet[Any, Row]", sentence: str, *, subject: tuple[str, str] | None = None) -> Row:
    """Return the first row. Raises NotYours with the sentence if there is no row."""
    found = rows.first()
    if found is None:
        raise NotYours(sentence, subject=subject)
    return found


def check_length(text: str, *, most: int, field: str) -> None:
    if len(text) > most:
        sentence = _("Use at most %(most)d characters. These are %(count)d.")
        raise ValidationError({field: sentence % {"most": most, "count": len(text)}})
