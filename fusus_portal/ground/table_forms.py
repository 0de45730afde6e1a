"""Uploads of tables by administrators: a former registry, agencies by county."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.held_files import HeldFile


class TableOfForm(HeldFile):
    mark = "takes_table"
    largest = 30 * 10**6
    """Bytes: 150,000 rows of a former registry, and less than the limits of proxy and portal."""

    def is_sender(self, user: Any) -> bool:
        return isinstance(user, User) and has(user.role, Permission.ADMINISTER)

    def too_large(self) -> str:
        return _("A file may have at most %(limit)s. Please split it.") % {"limit": filesizeformat(self.largest)}


takes_table = TableOfForm.taken_by
