from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from shop.catalogue.models import Discount, Price, Product


def prices_at(products: Iterable[Product], moment: datetime | None = None) -> dict[UUID, Price]:
    """Return the price at a moment of each product that has one. One query."""
    at = moment or timezone.now()
    rows = Price.objects.filter(product__in=list(products), starts_at__lte=at)
    newest = rows.order_by("product", "-starts_at").distinct("product")
    return {price.product_id: price for price in newest}


def price_of(product: Product, moment: datetime | None = None) -> Price | None:
    return prices_at([product], moment).get(product.pk)


def offered_price(product: Product) -> Price | None:
    """Return the current price of a product that is sold now, with its product and stock; None for any other."""
    begun = Price.objects.filter(product=product, product__retired_at__isnull=True, starts_at__lte=timezone.now())
    return begun.select_related("product__stock").order_by("-starts_at").first()


def discounts_at(products: Iterable[Product], moment: datetime | None = None) -> dict[UUID, list[Discount]]:
    """Return the discounts at a moment of each product, the one for most pieces first."""
    at = moment or timezone.now()
    rows = Discount.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), product__in=list(products))
    found: dict[UUID, list[Discount]] = {}
    for discount in rows.filter(starts_at__lte=at).order_by("-from_quantity"):
        found.setdefault(discount.product_id, []).append(discount)
    return found


def best_discount(discounts: Sequence[Discount], quantity: int) -> int:
    """Return the largest discount for a number of pieces, in basis points."""
    return max((each.basis_points for each in discounts if each.from_quantity <= quantity), default=0)
