"""Actors, subjects and sources of acts. The log knows no user model: callers pass these."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class ActorKind(StrEnum):
    USER = "user"
    LINK = "link"
    DEVICE = "device"
    TASK = "task"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts.

    id: opaque id of the account, request, device, or the task's name; "" for a visitor. role: the account's role at the
    act. pseudonym: the badge pseudonym that owners see.
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
"""A person who runs a command of `manage.py`."""


class Subject(NamedTuple):
    """The object of an act: its kind ("camera", "incident") and opaque id."""

    kind: str
    id: str


VISITORS = Subject("visitor", "")


@dataclass(frozen=True, slots=True)
class Source:
    """Origin of an act. sign_in: an opaque id of the sign-in (never the session key)."""

    address: str = ""
    user_agent: str = ""
    sign_in: str = ""


NOWHERE = Source()
_source: ContextVar[Source] = ContextVar("audit_source", default=NOWHERE)


@contextmanager
def acting_from(source: Source) -> Iterator[None]:
    """Let entries recorded in this block carry `source`. The receiver of a request or task sets it."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def current_source() -> Source:
    return _source.get()
