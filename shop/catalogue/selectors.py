"""Products, prices and stock, in a fixed number of queries. Raises NotYours for a missing row."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours, find_or_refuse
from integration.cores.models import Core
from integration.cores.states import CoreState
from shop.catalogue.models import Discount, Price, Product, ProductKind, ProductPicture, StockMovement


def prices_at(products: Iterable[Product], moment: datetime | None = None) -> dict[UUID, Price]:
    """Return the price at a moment (None: now) of each product that has one, by product id. One query."""
    at = moment or timezone.now()
    rows = Price.objects.filter(product__in=list(products), starts_at__lte=at)
    newest = rows.order_by("product", "-starts_at").distinct("product")
    return {price.product_id: price for price in newest}


def price_of(product: Product, moment: datetime | None = None) -> Price | None:
    return prices_at([product], moment).get(product.pk)


def offered_price(product: Product) -> Price | None:
    """Return the current price of a product that is sold now, with product and stock loaded; None for others."""
    begun = Price.objects.filter(product=product, product__retired_at__isnull=True, starts_at__lte=timezone.now())
    return begun.select_related("product__stock").order_by("-starts_at").first()


def discounts_at(products: Iterable[Product], moment: datetime | None = None) -> dict[UUID, list[Discount]]:
    """Return the discounts of each product at a moment (None: now), by product id, largest quantity first."""
    at = moment or timezone.now()
    rows = Discount.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), product__in=list(products))
    found: dict[UUID, list[Discount]] = {}
    for discount in rows.filter(starts_at__lte=at).order_by("-from_quantity"):
        found.setdefault(discount.product_id, []).append(discount)
    return found


def best_discount(discounts: Sequence[Discount], quantity: int) -> int:
    """Return the largest discount for a number of pieces, in basis points; 0 if none fits."""
    return max((each.basis_points for each in discounts if each.from_quantity <= quantity), default=0)


LATEST_MOVEMENTS = 50
RANK = Case(*(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(ProductKind.values)))
"""Order of the kinds of products: COREs come first."""


@dataclass(frozen=True, slots=True)
class Offer:
    product: Product
    price: Price
    discounts: Sequence[Discount]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pieces of a product, by where they are.

    free: left to sell. reserved: for orders, packed ones included. packed: in parcels that no carrier has yet.
    """

    free: int
    reserved: int
    packed: int = 0

    @property
    def kept(self) -> int:
        return max(self.reserved - self.packed, 0)

    @property
    def in_stock(self) -> int:
        return self.free + self.kept


def listed_products() -> QuerySet[Product]:
    """Return the products that are sold now, COREs first, and of each kind the cheapest first."""
    begun = Price.objects.filter(starts_at__lte=timezone.now())
    newest = begun.filter(product=OuterRef("pk")).order_by("-starts_at").values("cents")[:1]
    priced = Product.objects.offered().filter(pk__in=begun.values("product"))
    return _whole(priced).annotate(cents=Subquery(newest)).order_by(RANK, "cents", "name")


def offers_of(listed: Iterable[Product], *, with_discounts: bool = False) -> list[Offer]:
    """Return products with their prices, a query each; a product without a price is left out."""
    found = list(listed)
    prices, discounts = prices_at(found), discounts_at(found) if with_discounts else {}
    priced = [product for product in found if product.pk in prices]
    return [Offer(product, prices[product.pk], discounts.get(product.pk, [])) for product in priced]


def core_offers() -> list[Offer]:
    """Return the COREs that are sold now, with prices and discounts. Four queries."""
    cores = _whole(Product.objects.offered().filter(core_model__isnull=False))
    return offers_of(cores, with_discounts=True)


def offer(slug: str) -> Offer:
    product = _sold(_whole(Product.objects.offered()), slug)
    offers = offers_of([product], with_discounts=True)
    if not offers:
        raise NotYours(_("This is not sold now."), subject=("product", slug))
    return offers[0]


def offered_product(slug: str) -> Product:
    return _sold(Product.objects.offered(), slug)


def picture(pk: UUID) -> ProductPicture:
    rows = ProductPicture.objects.select_related("product").filter(pk=pk)
    return find_or_refuse(rows, _("There is no such picture."), subject=("product_picture", str(pk)))


def picture_of(product: Product, pk: UUID) -> ProductPicture:
    found = picture(pk)
    if found.product_id != product.pk:
        raise NotYours(_("There is no such picture."), subject=product.subject)
    return found


def all_products() -> tuple[list[Product], Mapping[UUID, Price]]:
    """Return every product, those not retired first, and the current prices by product id."""
    products = sorted(_whole(Product.objects.all()), key=lambda each: (each.retired_at is not None, each.name))
    return products, prices_at(products)


def stocked_products() -> list[Product]:
    return list(Product.objects.offered().filter(stock__isnull=False).select_related("stock").order_by("name", "pk"))


def cores_in_stock(packed: Collection[UUID]) -> Mapping[UUID, int]:
    """Return the number of COREs in stock by the id of their CoreModel. packed: ids of COREs that do not count."""
    rows = Core.objects.filter(state=CoreState.IN_STOCK).exclude(pk__in=packed)
    return dict(rows.values_list("model").annotate(number=Count("pk")).order_by())


def shelves(kept: Iterable[Product], packed: Mapping[UUID, int]) -> Mapping[UUID, Shelf]:
    """Return the pieces of each product by its id. kept: products with `stock` loaded. packed: pieces by product id."""
    return {
        product.pk: Shelf(product.stock.free, product.stock.reserved, packed.get(product.pk, 0))
        for product in kept
        if hasattr(product, "stock")
    }


def product(pk: UUID) -> Product:
    rows = _whole(Product.objects.filter(pk=pk))
    return find_or_refuse(rows, _("There is no such product."), subject=("product", str(pk)))


def stocked_product(pk: UUID) -> Product:
    rows = Product.objects.filter(pk=pk, stock__isnull=False).select_related("stock")
    return find_or_refuse(rows, _("There is no such product in stock."), subject=("product", str(pk)))


def discount_of(product: Product, pk: UUID) -> Discount:
    return find_or_refuse(product.discounts.filter(pk=pk), _("There is no such discount."), subject=product.subject)


def stock_movements(product: Product) -> list[StockMovement]:
    rows = StockMovement.objects.filter(stock__product=product).select_related("staff", "order")
    return list(rows.order_by("-moved_at", "-pk")[:LATEST_MOVEMENTS])


def _sold(products: QuerySet[Product], slug: str) -> Product:
    return find_or_refuse(products.filter(slug=slug), _("This is not sold now."), subject=("product", slug))


def _whole(products: QuerySet[Product]) -> QuerySet[Product]:
    pictures = ProductPicture.objects.order_by("position")
    return products.select_related("core_model", "stock").prefetch_related(Prefetch("pictures", queryset=pictures))
