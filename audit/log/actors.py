"""Who acts, on what, and from where. The log knows no user model: callers hand it these."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class ActorKind(StrEnum):
    """What kind of someone acts."""

    USER = "user"
    LINK = "link"
    DEVICE = "device"
    TASK = "task"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts.

    id: opaque id of the account, request, device, or the task's name; "" for a visitor.
    role: the account's role when it acted. pseudonym: the badge pseudonym that owners see.
    """

    kind: ActorKind
    id: str
    role: str = ""
    pseudonym: str = ""

    def __post_init__(self) -> None:
        if not self.id and self.kind is not ActorKind.VISITOR:
            raise ValueError("an actor needs an id; only a visitor has none")


VISITOR = Actor(ActorKind.VISITOR, "", role="visitor")
AT_THE_SERVER = Actor(ActorKind.TASK, "operator", role="operator")
"""Whoever runs a command of `manage.py`."""


class Subject(NamedTuple):
    """What an act is about: its kind ("camera", "incident") and opaque id."""

    kind: str
    id: str


VISITORS = Subject("visitor", "")
"""What entries of counted visitors are about."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an act came from. sign_in: an opaque id of the sign-in (never the session key)."""

    address: str = ""
    user_agent: str = ""
    sign_in: str = ""


NOWHERE = Source()
_source: ContextVar[Source] = ContextVar("audit_source", default=NOWHERE)


@contextmanager
def acting_from(source: Source) -> Iterator[None]:
    """Entries recorded in this block carry `source`. Set by whoever receives the request or task."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def current_source() -> Source:
    """Return the source of what is being done now (empty outside `acting_from`)."""
    return _source.get()
