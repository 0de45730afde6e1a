"""Who reads the books, and for how long a time at once."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.lifecycle import Refused
from shop.periods import Period

READERS = (Role.CLERK, Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)
MOST_DAYS = 366


def may_read(by: User) -> None:
    """Raise Refused for anybody who has nothing to do with the books."""
    if by.role not in READERS:
        raise Refused(_("Only clerks, supervisors, auditors and administrators read the books."))


def check_period(first: date, last: date, *, today: date) -> Period:
    """Return a period. Raises ValidationError on "last" for one that is none, or too long, or that has not begun."""
    if last < first:
        raise ValidationError({"last": _("The last day comes before the first one.")})
    if first > today:
        raise ValidationError({"last": _("This time has not begun yet.")})
    if (last - first).days >= MOST_DAYS:
        raise ValidationError({"last": _("Take a year at most at once.")})
    return Period(first, last)
