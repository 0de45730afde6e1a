"""People before the pages of the shop, and the orders and parcels on them. See `everybody`."""

from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fusus_portal.ground.accounts.roles import Role
from registry.registrants.models import Registrant
from shop.catalogue import services as catalogue
from shop.orders.models.orders import Order
from shop.orders.services import orders as order_services, taxes
from shop.parcels import services
from shop.parcels.models import Shipment
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders as made_orders
from tests.shop.parcels import parcels

if TYPE_CHECKING:
    from tests.browser.pages.everybody import Everybody

SHIP = {
    "ship_name": "Rosa Diaz",
    "ship_street": "600 20th Street North",
    "ship_city": "Birmingham",
    "ship_state": "AL",
    "ship_zip": "35203",
    "same": "on",
}


def buyers(here: "Everybody") -> None:
    """Let businesses come: one that is about to order, one whose order waits for its payment, one that was sent to."""
    core, cable = made_orders.product(), made_orders.product(kind="accessory", cents=2_500)
    by = person(Role.ADMINISTRATOR)
    picture = BytesIO()
    Image.new("RGB", (800, 600), "navy").save(picture, "PNG")
    catalogue.add_picture(
        product=core,
        by=by,
        upload=ContentFile(picture.getvalue(), name="core.png"),
        alternative="A CORE on a shelf",
        alternative_es="Un CORE en un estante",
    )
    discount = catalogue.add_discount(product=core, by=by, from_quantity=5, basis_points=500)
    rate = made_orders.tax_rate()
    taxes.end(rate=made_orders.tax_rate(state="GA"), by=by, ends_on=date(2030, 1, 1))
    here.knows("shop", core.slug)
    here.knows("catalogue", core, cable)
    here.knows("stock", core)
    here.knows("discounts", discount)
    here.knows("tax-rates", rate)
    here.knows("pictures", core.pictures.get())
    visitor = here.visits()
    visitor.post(reverse("product_add", args=[core.slug]), {"quantity": 1})
    shopper = here.comes(business_of(here).user)
    for product in (core, cable):
        shopper.post(reverse("product_add", args=[product.slug]), {"quantity": 2})
    shopper.post(reverse("checkout_addresses"), SHIP)
    waits = made_orders.placed(made_orders.drafted(owner=business_of(here), things=((core, 1),)))
    here.comes(made_orders.buyer_of(waits))
    here.knows("orders", waits.number)


def fulfilment(here: "Everybody") -> None:
    """Let a business come whose order is at each step at once, with what waits for a clerk."""
    sent = on_account(here, ordered=3)
    parcels.handed_over(parcels.labelled(parcels.packed(sent, pieces=1)))
    labelled = parcels.labelled(packing_one(sent))
    packing = packing_one(sent)
    here.comes(made_orders.buyer_of(sent))
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        late = on_account(here, ordered=1)
    services.ask_about_delay(order=late, by=person(Role.CLERK), sent_by_then=timezone.localdate() + timedelta(days=9))
    here.comes(made_orders.buyer_of(late))
    canceled = order_services.cancel(order=on_account(here, ordered=1), by=person(Role.CLERK))
    here.comes(made_orders.buyer_of(canceled))
    here.knows("orders", sent.number, late.number, canceled.number)
    here.knows("credit-notes", canceled.invoices.get().credit_notes.get())
    here.knows("parcels", packing, labelled)
    here.knows("invoices", sent.invoices.get())
    here.knows("purchase-orders", made_orders.submitted())
    here.knows("certificates", made_orders.certificate(business_of(here), approved=False))


def packing_one(order: Order) -> Shipment:
    """Return a parcel that is being packed, with one CORE of the order in it."""
    clerk = person(Role.CLERK)
    shipment = services.begin_parcel(order=order, by=clerk)
    services.scan_core(shipment=shipment, by=clerk, serial=parcels.fitting(order.lines.get()).serial)
    return shipment


def on_account(here: "Everybody", *, ordered: int) -> Order:
    """Return an order of so many COREs by an approved purchase order."""
    order = made_orders.drafted(owner=business_of(here), things=((made_orders.product(), ordered),))
    approved = order_services.approve_purchase_order(purchase_order=made_orders.submitted(order), by=person(Role.CLERK))
    approved.order.refresh_from_db()
    return approved.order


def business_of(here: "Everybody") -> Registrant:
    """Return a new business that reads this language."""
    return business_at(user=person(Role.BUSINESS, language=here.language), language=here.language)
