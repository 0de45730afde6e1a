"""Sources of the things that wait, registered from each noun's `extensions`. Their items name no owner or address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db.models import Model
from django.utils.functional import Promise

from audit.log.actors import Subject
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.hooks import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The act of a row: a button that posts to `url`, with `sent` (name and value) if its page needs that, or a link.

    about: words after the label for screen readers. note: what the person should know of it first. stays: the page
    stays and says in the row what came of it; else the act leads on to another page.
    """

    label: str
    url: str
    about: str = ""
    sent: tuple[str, str] = ("", "")
    note: str = ""
    stays: bool = False
    is_link: bool = False


def link_act(label: str, url: str, about: str = "") -> Act:
    """Return the act of a row whose thing is decided on a page of its own, which the link opens."""
    return Act(label=label, url=url, about=about, is_link=True)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A thing that waits. kind: of its tag (good, warn, bad, quiet). number: how many things it is; 0 for a mere link.

    due: its end, or the time after which it is late. at_due: the consequence, with `%(time)s` for the time left:
    "closes in %(time)s". about: subject of its notices; None if nobody is notified. of: the row that it belongs to,
    which lists mark; None if the item names it itself. on_map: id of its incident, without `of`. is_pinned: comes
    first. where: the place of the incident, a week or town, or the oldest of `number` things; never of an owner. who:
    the person of the office. act: its button or link. is_call: the page at `url` can be read and decided beside the
    row. as_of: a part of the thing that changes, so that it is new again. is_news: leaves the list once opened.
    source: set by `waiting_for`.
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
    on_map: UUID | None = None
    is_pinned: bool = False
    where: str = ""
    who: str = ""
    act: Act | None = None
    is_call: bool = False
    as_of: str = ""
    is_news: bool = False
    source: str = ""

    @property
    def key(self) -> UUID:
        """Name of the row, the same for everybody. It changes with what must be seen anew."""
        said = (self.source, self.about.id if self.about else self.url, self.due.isoformat() if self.due else "")
        return uuid5(NAMESPACE_OID, "\n".join((*said, self.as_of)))

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
