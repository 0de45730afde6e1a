"""Acts about what is sold, its stock and its taxes."""

from datetime import date, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from audit.log.events import Event
from shop.catalogue import services as catalogue
from shop.catalogue.models import Product, ProductPicture
from shop.limits import services
from shop.limits.models import ShopLimits
from shop.orders.services import taxes
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders.orders import certificate, pdf, product, tax_rate

ADMINISTRATOR, CLERK = "administrator", "clerk"


def picture_file() -> "ContentFile[bytes]":
    """Return a small picture."""
    made = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, format="PNG")
    return ContentFile(made.getvalue(), name="core.png")


def pictured() -> ProductPicture:
    """Return a picture of a product."""
    return catalogue.add_picture(
        product=product(),
        by=person(ADMINISTRATOR),
        upload=picture_file(),
        alternative="A small box",
        alternative_es="Una caja",
    )


@calls(catalogue.add_product, Event.PRODUCT_ADDED)
def add() -> Act:
    """An administrator adds a product."""
    by = person(ADMINISTRATOR)
    return lambda: catalogue.add_product(
        by=by, kind="service", details=Product(name="Visit", name_es="Visita", tax_code="services")
    )


@calls(catalogue.change_product, Event.PRODUCT_CHANGED)
def change() -> Act:
    """It is called something else."""
    by, sold = person(ADMINISTRATOR), product(kind="service")
    return lambda: catalogue.change_product(
        product=sold, by=by, details=Product(name="Help", name_es="Ayuda", tax_code="goods")
    )


@calls(catalogue.set_price, Event.PRODUCT_PRICED)
def price() -> Act:
    """It costs more."""
    by, sold = person(ADMINISTRATOR), product()
    return lambda: catalogue.set_price(product=sold, by=by, cents=36_000, yearly_fee=15_000)


@calls(catalogue.retire_product, Event.PRODUCT_RETIRED)
def retire() -> Act:
    """It is sold no more."""
    by, sold = person(ADMINISTRATOR), product()
    return lambda: catalogue.retire_product(product=sold, by=by)


@calls(catalogue.offer_product, Event.PRODUCT_OFFERED)
def offer() -> Act:
    """And sold again."""
    by = person(ADMINISTRATOR)
    sold = catalogue.retire_product(product=product(), by=by)
    return lambda: catalogue.offer_product(product=sold, by=by)


@calls(catalogue.add_discount, Event.DISCOUNT_ADDED)
def discount() -> Act:
    """Who buys ten saves."""
    by, sold = person(ADMINISTRATOR), product()
    return lambda: catalogue.add_discount(product=sold, by=by, from_quantity=10, basis_points=500)


@calls(catalogue.end_discount, Event.DISCOUNT_ENDED)
def end_discount() -> Act:
    """And no more."""
    by = person(ADMINISTRATOR)
    saved = catalogue.add_discount(product=product(), by=by, from_quantity=10, basis_points=500)
    return lambda: catalogue.end_discount(discount=saved, by=by)


@calls(catalogue.add_picture, Event.PRODUCT_PICTURED)
def add_picture() -> Act:
    """It gets a picture."""
    by, sold, upload = person(ADMINISTRATOR), product(), picture_file()
    return lambda: catalogue.add_picture(
        product=sold, by=by, upload=upload, alternative="A small box", alternative_es="Una caja"
    )


@calls(catalogue.remove_picture, Event.PRODUCT_PICTURE_REMOVED)
def remove_picture() -> Act:
    """And loses it."""
    by, picture = person(ADMINISTRATOR), pictured()
    return lambda: catalogue.remove_picture(picture=picture, by=by)


@calls(catalogue.change_stock, Event.STOCK_CHANGED)
def count_stock() -> Act:
    """A clerk finds one fewer."""
    by, sold = person(CLERK), product()
    return lambda: catalogue.change_stock(product=sold, by=by, kind="corrected", change=-1, note="Counted")


@calls(taxes.add, Event.TAX_RATE_ADDED)
def add_rate() -> Act:
    """A place gets a rate."""
    by = person(ADMINISTRATOR)
    return lambda: taxes.add(by=by, state="AL", tax_code="goods", basis_points=1000, starts_on=date(2026, 1, 1))


@calls(taxes.end, Event.TAX_RATE_ENDED)
def end_rate() -> Act:
    """It ends."""
    by, rate = person(ADMINISTRATOR), tax_rate()
    return lambda: taxes.end(rate=rate, by=by, ends_on=date(2030, 1, 1))


@calls(taxes.send, Event.EXEMPTION_SENT)
def send() -> Act:
    """A school sends its certificate."""
    owner = business_at()
    until = timezone.localdate() + timedelta(days=90)
    return lambda: taxes.send(
        registrant=owner, by=owner.user, state="AL", number="EX-1", valid_until=until, paper=pdf()
    )


@calls(taxes.approve, Event.EXEMPTION_APPROVED)
def approve() -> Act:
    """A clerk approves it."""
    by, sent = person(CLERK), certificate(business_at(), approved=False)
    return lambda: taxes.approve(certificate=sent, by=by)


@calls(taxes.decline, Event.EXEMPTION_DECLINED)
def decline() -> Act:
    """Or declines it."""
    by, sent = person(CLERK), certificate(business_at(), approved=False)
    return lambda: taxes.decline(certificate=sent, by=by, reason="It is another business's")


@calls(services.change, Event.SHOP_LIMITS_CHANGED)
def change_limits() -> Act:
    """One clerk alone gives back less."""
    by = person(ADMINISTRATOR)
    return lambda: services.change(by=by, revision=ShopLimits.current().revision, clerk_refund_dollars=200)
