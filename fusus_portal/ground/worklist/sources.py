"""What waits: each noun registers a source, from its `extensions`.

A source finds what one person may act on, and nothing else. The start page shows it and the mails are made from it, so
nobody is told of what they could not do. It holds no owner and no address.
"""

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
    """Something that waits for a person. kind: of its tag (good, warn, bad, quiet). number: how many things it is.

    due: when that which waits ends, or is late. at_due: what happens then, with `%(time)s` for how long it still is:
    "closes in %(time)s". about: what it is, as the log names it; None for what nobody is told of.
    of: what it belongs to, where lists mark such a thing; None where the item itself says what the mark would.
    is_pinned: it stands before all else.
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
        """Whether it is only a link: nothing waits there."""
        return self.number == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How people are told of what waits, once each. words: a sentence for `number` of them.

    waits: whether anything of the kind waits for anybody: asked first, so that a quiet minute costs one query.
    at_once: they are told when it begins to wait. before: and again so long before it is due; None for never.
    """

    words: str | Promise
    waits: Callable[[], bool]
    at_once: bool = True
    before: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of thing that waits. name: of the kind. permission: whoever has it may act.

    find: what waits for somebody with the permission, oldest first. telling: None for what only pages show.
    """

    name: str
    permission: Permission
    find: Callable[[User], Sequence[WorkItem]]
    telling: Telling | None = None

    def is_for(self, role: str) -> bool:
        """Return whether people of a role may act on it."""
        return has(role, self.permission)


sources = Contract[Source]()
"""One is called like another only by mistake: the start stops."""


def register(*added: Source) -> None:
    """Add the sources of a noun. Doing it twice has one effect."""
    for each in added:
        sources.register(each)
