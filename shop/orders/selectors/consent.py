"""The sentence about the yearly fee that somebody agrees to before they pay (15 USC 8403)."""

from django.utils.translation import gettext as _

from shop.catalogue.money import dollars
from shop.orders.models.orders import Order


def consent_of(order: Order) -> str:
    """Return the sentence, in the language of the page; "" for an order of which nothing recurs."""
    yearly = sum(line.yearly_fee * line.quantity for line in order.lines.all())
    if not yearly:
        return ""
    sentence = _(
        "I agree to pay %(yearly)s, plus sales tax, for each year after the first one, until I cancel. I can cancel at "
        "any time on the page of the device."
    )
    return sentence % {"yearly": dollars(yearly)}
