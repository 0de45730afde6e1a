"""What may be written of a check that came."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.lifecycle import Stale
from shop.models import ON_ACCOUNT, Order
from shop.money import dollars
from shop.policies.texts import check_text
from shop.states import CONFIRMED


def check(*, order: Order, number: str, cents: int, received_on: date, due: int) -> str:
    """Return the number of a check. due: cents that are not paid yet. Raises Stale, and ValidationError by field."""
    if order.method not in ON_ACCOUNT or order.state not in CONFIRMED:
        raise Stale(_("This order is not on account."), subject=order.subject)
    tidy = check_text("check_number", number, longest=40)
    if cents <= 0 or cents > due:
        raise ValidationError({"cents": _("%(due)s is due. A check is above $0 and not more.") % {"due": dollars(due)}})
    if received_on > timezone.localdate():
        raise ValidationError({"received_on": _("This day has not come yet.")})
    return tidy
