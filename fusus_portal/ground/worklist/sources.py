"""Sources of the things that wait, registered from each noun's `extensions`. Their items name no owner or address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Model
from django.utils.functional import Promise

from audit.log.actors import Subject
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Contract


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A thing that waits. kind: of its tag (good, warn, bad, quiet). number: how many things it is; 0 for a mere link.

    due: its end, or the time after which it is late. at_due: the consequence, with `%(time)s` for the time left:
    "closes in %(time)s". about: subject of its notices; None if nobody is notified. of: the row that it belongs to,
    which lists mark; None if the item names it itself. is_pinned: comes first.
    """

    tag: str | Promise
    kind: str
    text: str
    url: str
    due: datetime | None = None
    at_due: str = ""
    about: Subject | None = None
    number: int = 1
    of: Model | None = None
    is_pinned: bool = False

    @property
    def is_door(self) -> bool:
        return self.number == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Notices of a source of things that wait. words: a sentence for `number` things.

    at_once: notify when a thing begins to wait. before: notify again so long before it is due, or None. waits: True if
    anything waits for anybody; called first, so that a quiet minute costs one query.
    """

    words: str | Promise
    waits: Callable[[], bool]
    at_once: bool = True
    before: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of waiting things. permission: needed to act. find: one person's, oldest first. telling: notices."""

    name: str
    permission: Permission
    find: Callable[[User], Sequence[WorkItem]]
    telling: Telling | None = None

    def is_for(self, role: str) -> bool:
        return has(role, self.permission)


sources = Contract[Source]()
"""All kinds of things that wait. Two of one name stop the start."""


def register(*added: Source) -> None:
    for each in added:
        sources.register(each)
