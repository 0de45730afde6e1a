from typing import Any

from django import template

from shop.catalogue.models import ProductKind
from shop.catalogue.selectors import Offer
from shop.returns.presenters.deductions import return_lines
from shop.returns.selectors.quotes import age_steps_now

register = template.Library()


@register.inclusion_tag("shop/returns/own/before_buying.html")
def what_a_return_brings(offer: Offer) -> dict[str, Any]:
    """Show the refund for a CORE that is bought now and returned later; nothing for other products."""
    if offer.product.kind != ProductKind.CORE:
        return {"lines": []}
    return {"lines": return_lines(offer.product, offer.price, age_steps_now())}
