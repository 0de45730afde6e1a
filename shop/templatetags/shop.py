from typing import Any

from django import template

from shop.catalogue.models import ProductKind
from shop.catalogue.money import dollars
from shop.catalogue.selectors import Offer
from shop.returns.presenters.returns import return_lines
from shop.returns.selectors import current_age_steps

register = template.Library()
register.filter("dollars", dollars)


@register.inclusion_tag("shop/returns/own/before_buying.html")
def what_a_return_brings(offer: Offer) -> dict[str, Any]:
    """Show what a CORE bought now is refunded when it is returned later; nothing for other products."""
    if offer.product.kind != ProductKind.CORE:
        return {"lines": []}
    return {"lines": return_lines(offer.product, offer.price, current_age_steps())}
