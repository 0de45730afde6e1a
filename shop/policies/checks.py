"""What may be written of a check that came."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.lifecycle import Stale
from shop.models import ON_ACCOUNT, Order, Payment
from shop.money import dollars
from shop.policies.texts import check_text
from shop.states import CONFIRMED


def must_be_on_account(order: Order) -> None:
    """Raise Stale for an order that no check is written for."""
    if order.method not in ON_ACCOUNT or order.state not in CONFIRMED:
        raise Stale(_("This order is not on account."), subject=order.subject)


def check_number(number: str, *, order: Order) -> str:
    """Return the number of a check. Raises ValidationError on "check_number", for one that is recorded too."""
    tidy = check_text("check_number", number, longest=40)
    if Payment.objects.filter(order=order, check_number=tidy).exists():
        raise ValidationError({"check_number": _("This check is recorded already.")})
    return tidy


def check_cents(cents: int, *, due: int) -> None:
    """Raise ValidationError on "cents" for more than is due, or nothing. due: cents that are not paid yet."""
    if not 0 < cents <= due:
        raise ValidationError({"cents": _("%(due)s is due. A check is above $0 and not more.") % {"due": dollars(due)}})


def check_day(received_on: date) -> None:
    """Raise ValidationError on "received_on" for a day that has not come."""
    if received_on > timezone.localdate():
        raise ValidationError({"received_on": _("This day has not come yet.")})
