"""How each step of each lifecycle is taken by the service that takes it: a driver for each row of each table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Lifecycle

AGENCY = ("deputy", "supervisor")
LEAVING = ("resident", "business")
OWNER = ("link", *LEAVING)


Made = TypeVar("Made")
_beginning: dict[Any, Any] = {}
"""The one that is there, by what makes it."""


class Wanted(Exception):
    """The beginning that a step wants is not there."""

    def __init__(self, beginning: tuple[Any, ...]) -> None:
        """beginning: what makes it, and what that is given."""
        super().__init__(beginning)
        self.beginning = beginning


@contextmanager
def made(beginning: tuple[Any, ...]) -> Iterator[None]:
    """Let a beginning be there for the time of a block."""
    make, *given = beginning
    _beginning[beginning] = make(*given)
    try:
        yield
    finally:
        _beginning.clear()


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken. source: the state right before it. before: id of the log's last entry right before it."""

    row: Any
    source: str
    before: int


Driver = Callable[[str], Taken]
DRIVERS: dict[tuple[str, str, str], dict[str, Driver]] = {}
"""By lifecycle, from and to: for each role the function that takes the step as that role."""


def drives(lifecycle: Lifecycle, source: str, target: str, *roles: str) -> Callable[[Driver], Driver]:
    """Register a function that takes a step as each of these roles."""

    def register(driver: Driver) -> Driver:
        step = DRIVERS.setdefault((lifecycle.name, str(source), str(target)), {})
        for role in roles:
            if role in step:
                raise ValueError(f"two drivers take {lifecycle.name} from {source} to {target} as {role}")
            step[role] = driver
        return driver

    return register


def beginning(make: Callable[..., Made], *given: object) -> Made:
    """Return a copy of what a function makes: once for all steps of a lifecycle that begin with the same.

    The first thing that a driver asks for. Not for what an outside service remembers, which nothing rolls back.
    Raises Wanted while it is not there.
    """
    if (make, *given) not in _beginning:
        raise Wanted((make, *given))
    found: Made = deepcopy(_beginning[make, *given])
    return found


def take(row: Any, act: Callable[[], object]) -> Taken:
    """Take a step from where the row is now."""
    looked = look(row)
    act()
    return looked


def look(row: Any) -> Taken:
    """Return the row's state and the log's last entry as the database has them now."""
    source = type(row).objects.values_list("state", flat=True).get(pk=row.pk)
    newest = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return Taken(row, source, newest or 0)
