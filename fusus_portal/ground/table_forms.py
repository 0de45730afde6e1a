"""Tables that come with a plain form: a former registry, agencies by county. Administrators alone send them."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.held_files import HeldFile

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "takes_table"


def takes_table(view: View) -> View:
    """Mark a view whose form may bring one table."""
    setattr(view, ATTRIBUTE, True)
    return view


class TableOfForm(HeldFile):
    """Holds a table."""

    mark = ATTRIBUTE
    largest = 30 * 10**6
    """Bytes: 150,000 rows of a former registry, and less than a proxy and the portal collect of a form."""

    def is_sender(self, user: Any) -> bool:
        """Return whether an administrator is signed in."""
        return isinstance(user, User) and has(user.role, Permission.ADMINISTER)

    def too_large(self) -> str:
        """Return what a person reads whose table is too large."""
        return _("A file may have at most %(limit)s. Please split it.") % {"limit": filesizeformat(self.largest)}
