"""How each step of each lifecycle is taken by the service that takes it: a driver for each row of each table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Lifecycle

AGENCY = ("deputy", "supervisor")
LEAVING = ("resident", "business")
OWNER = ("link", *LEAVING)


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
