from collections.abc import Iterator

from django.utils.translation import gettext as _

from shop.catalogue.models import Product, ProductKind
from shop.rules import SHIP_WITHIN


def facts_of(product: Product) -> list[tuple[str, str]]:
    return [(term, words) for term, words in _facts(product) if words]


def _facts(product: Product) -> Iterator[tuple[str, str]]:
    yield _("In the box"), product.local_fact("box")
    yield _("Power"), product.local_fact("power")
    yield _("Network"), product.local_fact("network")
    yield _("Works with"), product.local_fact("works_with")
    yield _("Delivery"), _joined(_sent(product), product.local_fact("delivery"))
    # The shop never charges for a parcel, so this is true of every parcel.
    yield _("Shipping"), _("Free. It is in the price.") if product.is_shipped else ""
    yield _("Warranty"), _joined(_kept_working(product), product.local_fact("warranty"))


def _sent(product: Product) -> str:
    return _("Ships within %(days)d days.") % {"days": SHIP_WITHIN.days} if product.is_shipped else ""


def _kept_working(product: Product) -> str:
    if product.kind != ProductKind.CORE:
        return ""
    return _("As long as it is active. If it does not work, we take care of it, free of charge.")


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
