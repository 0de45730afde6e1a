"""Who there is, and what is said of an address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Fixture = Callable[[str], Any]

ROLES = ["resident", "business", "deputy", "supervisor", "auditor", "clerk", "administrator", "reviewer"]
EVERYONE = frozenset({*ROLES, "visitor"})
SIGNED_IN = frozenset(ROLES)
AGENCY = frozenset({"deputy", "supervisor", "auditor", "clerk", "administrator", "reviewer"})
OWNERS = frozenset({"resident", "business"})
BUSINESS = frozenset({"business"})
FIELD = frozenset({"deputy", "supervisor"})
SUPERVISOR = frozenset({"supervisor"})
AUDITOR = frozenset({"auditor"})
REVIEWERS = frozenset({"auditor", "reviewer"})
OUTSIDE = frozenset({"reviewer"})
ACTING = frozenset({"deputy", "supervisor", "clerk", "administrator"})
CLERK = frozenset({"clerk"})
ADMINISTRATOR = frozenset({"administrator"})
GIVERS = CLERK | ADMINISTRATOR


@dataclass(frozen=True)
class Row:
    """Who may open an address. begins: a step of signing in, which sends people back to its first page."""

    who: frozenset[str]
    path: dict[str, Callable[[Fixture], Any]] = field(default_factory=dict)
    begins: bool = False

    @property
    def one_who_may(self) -> str:
        """The one who opens the address in walks that open each once: a visitor, or else the first by name."""
        return "visitor" if "visitor" in self.who else min(self.who)
