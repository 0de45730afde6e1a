"""A catalogue of any size: of ten products one CORE, six accessories, three services, with price, picture and stock."""

from django.urls import reverse
from django.utils import timezone

from bench.shop.visits import Goods
from fusus_portal.ground.accounts.roles import Role
from shop.catalogue.models import Discount, Price, Product, ProductKind, ProductPicture, Stock, StockMovement
from tests.factories import person
from tests.integration.cores.devices import core_model
from tests.shop.returns.returned import published

TEXT = "It is made for a place where it is hot in summer. " * 12
"""600 characters, as descriptions have."""

KINDS = (ProductKind.CORE, *[ProductKind.ACCESSORY] * 6, *[ProductKind.SERVICE] * 3)


def fill(size: int) -> Goods:
    """Let the shop sell so many products, and return their addresses, those of COREs first."""
    if not Product.objects.exists():
        published()
    first = Product.objects.count()
    model = core_model()
    products = [
        Product(
            slug=f"thing-{number}",
            kind=KINDS[number % len(KINDS)],
            name=f"Thing {number}",
            name_es=f"Cosa {number}",
            text=TEXT,
            text_es=TEXT,
            tax_code="goods",
            core_model=model if KINDS[number % len(KINDS)] == ProductKind.CORE else None,
        )
        for number in range(first, size)
    ]
    Product.objects.bulk_create(products)
    _price(products)
    known = Product.objects.order_by("added_at", "slug").values_list("kind", "slug")
    slugs = [slug for _kind, slug in sorted(known, key=lambda each: each[0] != ProductKind.CORE)]
    return Goods(
        shelf=reverse("shop"),
        pages=[reverse("product", args=[slug]) for slug in slugs],
        adds=[reverse("product_add", args=[slug]) for slug in slugs],
    )


def _price(products: list[Product]) -> None:
    """Give each a price, a discount, a picture, and stock if it is on a shelf."""
    by, now = person(Role.ADMINISTRATOR), timezone.now()
    Price.objects.bulk_create(
        Price(product=each, cents=1_000 + number, yearly_fee=_fee(each), starts_at=now, set_at=now, set_by=by)
        for number, each in enumerate(products)
    )
    Discount.objects.bulk_create(Discount(product=each, from_quantity=5, basis_points=500) for each in products)
    ProductPicture.objects.bulk_create(
        ProductPicture(product=each, position=1, key=str(each.pk), alternative="A box", alternative_es="Una caja")
        for each in products
    )
    shelf = Stock.objects.bulk_create(Stock(product=each) for each in products if each.is_shipped)
    received = (StockMovement(stock=each, kind="received", change=1_000, staff=by) for each in shelf)
    StockMovement.objects.bulk_create(received)


def _fee(product: Product) -> int:
    return 500 if product.kind == ProductKind.CORE else 0
