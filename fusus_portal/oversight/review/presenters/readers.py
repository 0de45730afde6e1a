"""Names and times for readers of a review: auditors read badge names and times.

Owners read badge names with times too. So a reviewer from outside reads days, and names that only one review uses, and
can't identify anybody with an owner's list. Why: docs/decisions/audit/weekly-review.md.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.pages import times
from fusus_portal.oversight.review.models import ReviewWeek

SALT: Final = "oversight.review.names"
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 6
BADGE: Final = re.compile(rf"\b(?:{'|'.join(role.title() for role in Role.values)}) [A-Z]\d[A-Z]\d\b")
CODE: Final = re.compile(r"\b[A-Z]\d[A-Z]\d\b")
HALF: Final = r" ?[ap]\.?m\b\.?"
TIME: Final = re.compile(rf"\b\d{{1,2}}(?::\d{{2}}){{1,2}}(?:\.\d+)?(?:{HALF})?|\b\d{{1,2}}{HALF}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of a review. is_inside: an auditor of the office."""

    week: ReviewWeek
    is_inside: bool

    def name(self, badge: str) -> str:
        """Return a person's name for this reader. badge: the badge name, "" for nobody."""
        if self.is_inside or not badge:
            return badge
        return _("Person %(code)s") % {"code": self._code(badge)}

    def when(self, at: datetime) -> str:
        return times.moment(at) if self.is_inside else times.day(at)

    def text(self, typed: str) -> str:
        """Return a text typed by people of the office; outside without its badge names and times of day."""
        if self.is_inside:
            return typed
        named = CODE.sub(lambda found: self.name(found[0]), BADGE.sub(lambda found: self.name(found[0]), typed))
        return TIME.sub(_("(a time)"), named)

    def _code(self, badge: str) -> str:
        # A badge's code stays when its holder gets another role.
        said = f"{self.week.pk}:{badge.rpartition(' ')[2]}"
        digest = salted_hmac(SALT, said, algorithm="sha256").digest()
        return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:LENGTH])


def reader_of(week: ReviewWeek, viewer: User) -> Reader:
    return Reader(week, has(viewer.role, Permission.AUDIT))


def auditors(week: ReviewWeek) -> Reader:
    return Reader(week, is_inside=True)
