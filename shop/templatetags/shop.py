import re
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from shop.catalogue.models import ProductKind
from shop.catalogue.money import dollars
from shop.catalogue.selectors import Offer
from shop.returns.presenters.returns import return_lines
from shop.returns.selectors import current_age_steps

register = template.Library()
register.filter("dollars", dollars)

_NUMBER = re.compile(r"\b[A-Z]{1,3}-[A-Z0-9]{6,}\b")


@register.filter
def unbroken(text: str) -> SafeString:
    """Return a text as HTML in which no number, such as INV-000005, breaks at its hyphen."""
    whole = _NUMBER.sub(r'<span class="nowrap">\g<0></span>', str(conditional_escape(text)))
    return mark_safe(whole)  # noqa: S308  (escaped above)


@register.inclusion_tag("shop/returns/own/before_buying.html")
def what_a_return_brings(offer: Offer) -> dict[str, Any]:
    """Show what a CORE bought now is refunded when it is returned later; nothing for other products."""
    if offer.product.kind != ProductKind.CORE:
        return {"lines": []}
    return {"lines": return_lines(offer.product, offer.price, current_age_steps())}
