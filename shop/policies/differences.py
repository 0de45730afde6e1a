"""Who compares the books with the payment service, and settles what differs."""

from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.lifecycle import Refused


def may_compare(by: User) -> None:
    """Raise Refused unless `by` is a clerk."""
    if by.role != Role.CLERK:
        raise Refused(_("Only clerks compare the books with the payment service."))
