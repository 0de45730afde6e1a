"""Lifecycles: which state may follow which, who may move it there, and the event that records it.

Each noun writes its lifecycles as tables in its `states` module. Services ask `Lifecycle.check` before they write;
nothing else decides whether a step may happen now. Every service takes the same six steps: lock and read again (parent
first), ask the policy, ask the lifecycle, write, record, and hand over the messages that go out after the commit.

A step names the permissions of the people who may take it, and who takes it without an account; anybody else is
refused with the permission's sentence. An act without a step demands a permission
(`fusus_portal.ground.access.permissions`). Policies judge the rest, each in one sentence: `check_*` raises
ValidationError for input (its key is the form's field), `may_*` raises Refused for a person and returns nothing, and
`must_*` raises Stale for a thing that has moved on. A page asks the same functions through `why_not`.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _


class Denied(Exception):
    """An act that does not happen. `sentence` is shown to the person, word for word.

    `subject` names what the act was about, as (kind, id), for the audit entry of the refusal.
    """

    def __init__(self, sentence: str, *, subject: tuple[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.subject = subject


class Refused(Denied):
    """The person may not do this (HTTP 403)."""


class Stale(Denied):
    """It was possible, and no longer is: the thing has moved on (HTTP 409)."""


class NotYours(Denied):
    """There is no such thing for this person (HTTP 404)."""


class Taker(Protocol):
    """Who may take a step: some roles, and the sentence that refuses every other."""

    @property
    def roles(self) -> frozenset[str]:
        """The roles."""

    @property
    def sentence(self) -> str:
        """What a person reads who has none of them; "" where no account has one."""


class Other(StrEnum):
    """Who takes steps without an account. Each is a role of its own."""

    TASK = "task"
    DEVICE = "device"
    DISPATCH = "dispatch"
    LINK = "link"
    INVITED = "invited person"
    CLOCK = "clock"
    OPERATOR = "operator"
    """Someone at the server, while fewer than two administrators can act."""

    @property
    def roles(self) -> frozenset[str]:
        """The role."""
        return frozenset({self.value})

    @property
    def sentence(self) -> str:
        """Nothing: no person has this role."""
        return ""


class Rule:
    """Who may take a step, and the audit event that records it.

    who: the roles. sentence: what anybody else reads, "" where no account may take the step.
    """

    def __init__(self, event: str, *takers: Taker) -> None:
        self.event = str(event)
        self.takers = takers

    @property
    def who(self) -> frozenset[str]:
        """The roles that may."""
        return frozenset().union(*(taker.roles for taker in self.takers))

    @property
    def sentence(self) -> str:
        """The sentences of all who may."""
        return " ".join(filter(None, (taker.sentence for taker in self.takers)))


class Lifecycle:
    """One thing's states and the steps between them.

    name: the thing, as people say it ("footage request").
    states: its TextChoices.
    start: the states in which it may be created.
    transitions: {(from, to): Rule}.
    """

    def __init__(
        self,
        *,
        name: str,
        states: type[TextChoices],
        start: Iterable[str],
        transitions: Mapping[tuple[TextChoices, TextChoices], Rule],
    ) -> None:
        self.name = name
        self.states = states
        self.start = tuple(str(state) for state in start)
        self.transitions: dict[tuple[str, str], Rule] = {
            (str(source), str(target)): rule for (source, target), rule in transitions.items()
        }
        _register(self)

    def check(self, *, source: str, target: str, role: str, subject: tuple[str, str] | None = None) -> Rule:
        """Return the rule of the step `source` to `target` for `role`.

        Raises Stale when the step is not in the table, Refused when `role` may not take it.
        """
        rule = self.transitions.get((str(source), str(target)))
        if rule is None:
            raise self.stale(source, subject=subject)
        if role not in rule.who:
            nobody = _("Your role does not allow the step to “%(state)s”.") % {"state": self.label(target)}
            raise Refused(rule.sentence or nobody, subject=subject)
        return rule

    def label(self, state: str) -> str:
        """Return the state's name as people read it."""
        return str(self.states(state).label)

    def targets(self, source: str) -> tuple[str, ...]:
        """Return the states that may follow `source`."""
        return tuple(target for (begin, target) in self.transitions if begin == str(source))

    def stale(self, source: str, *, subject: tuple[str, str] | None = None) -> Stale:
        """Return the refusal of a step that is no longer possible from `source`."""
        sentence = _("This is already “%(state)s”, so that can't be done any more.")
        return Stale(sentence % {"state": self.label(source)}, subject=subject)


_lifecycles: dict[str, Lifecycle] = {}


def all_lifecycles() -> list[Lifecycle]:
    """Return each lifecycle of the product, by name."""
    return [_lifecycles[name] for name in sorted(_lifecycles)]


def why_not(check: Callable[[], object]) -> str:
    """Return the sentence with which `check` refuses, or "" when it lets the act pass."""
    try:
        check()
    except Denied as denied:
        return denied.sentence
    except ValidationError as invalid:
        return " ".join(invalid.messages)
    return ""


def check_all(*checks: Callable[[], object]) -> None:
    """Raise ValidationError by field, with all that the checks refuse. Each of them names its field."""
    wrong: dict[str, list[str]] = {}
    for check in checks:
        try:
            check()
        except ValidationError as invalid:
            wrong |= invalid.message_dict
    if wrong:
        raise ValidationError(wrong)


def _register(lifecycle: Lifecycle) -> None:
    if lifecycle.name in _lifecycles:
        raise ValueError(f"two lifecycles are called {lifecycle.name!r}")
    _lifecycles[lifecycle.name] = lifecycle
