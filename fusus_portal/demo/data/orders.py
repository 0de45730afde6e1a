"""The shop's one product, and orders, each one step further than the one before, so that no list of the shop is empty.

All are paid by purchase order; a card confirmed one buyer's address before. A visitor can pay another order by card.
"""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from fusus_portal.demo.data import neighborhood
from fusus_portal.demo.data.live import FIRMWARE
from fusus_portal.demo.data.neighborhood import CAMERAS, Person, account_of, place_of, register
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import CoreModel
from integration.cores.services import cores, credentials
from integration.reference.device import Memory
from registry.registrants.models import Registrant
from shop.catalogue import services as catalogue
from shop.catalogue.models import Product
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order, PurchaseOrder, TaxRate
from shop.orders.policies import Sending
from shop.orders.services import carts, orders, taxes
from shop.parcels import services as parcels
from shop.parcels.models import Shipment
from shop.payments.services import payments

STOCK_SERIALS = "\n".join(f"FC4-{number:05}" for number in range(11, 16))
TAX_RATES = (("", 400), ("352", 1000))
"""First digits of ZIP codes in Alabama, and the tax rate there in hundredths of a percent."""

PRICE, YEARLY_FEE = 35_000, 15_000
"""Cents. The price includes the first year's fee."""

ENGLISH = (
    "Connects up to four cameras of any maker. It is installed at your place, and nobody sees anything you don't allow."
)
SPANISH = (
    "Conecta hasta cuatro cámaras de cualquier marca. Se instala en su local, y nadie ve nada que usted no permita."
)

FACTS = {
    "box": "CORE, power supply, network cable (6 ft), two screws, a sheet of instructions",
    "box_es": "CORE, fuente de poder, cable de red (1.8 m), dos tornillos y una hoja de instrucciones",
    "power": "120 V outlet, 15 W",
    "power_es": "Tomacorriente de 120 V, 15 W",
    "network": "Wired, at least 5 Mbit/s upload for each camera",
    "network_es": "Por cable, al menos 5 Mbit/s de subida por cámara",
    "works_with": "Most network cameras and recorders (ONVIF or RTSP)",
    "works_with_es": "La mayoría de las cámaras y grabadoras de red (ONVIF o RTSP)",
    "delivery": "By USPS, UPS or FedEx.",
    "delivery_es": "Por USPS, UPS o FedEx.",
}


def stock_up(*, clerk: User, administrator: User) -> None:
    if not TaxRate.objects.exists():
        for beginning, rate in TAX_RATES:
            taxes.add(
                by=administrator,
                state="AL",
                tax_code="goods",
                basis_points=rate,
                starts_on=date(2026, 1, 1),
                zip_prefix=beginning,
            )
    if Product.objects.exists():
        return
    model = CoreModel.objects.get(cameras_supported=4)
    details = Product(
        name=model.name,
        name_es="CORE para 4 cámaras",
        tax_code="goods",
        text=ENGLISH,
        text_es=SPANISH,
        **FACTS,
        first_year_included=True,
        core_model=model,
    )
    product = catalogue.add_product(by=administrator, kind="core", details=details)
    catalogue.set_price(product=product, by=administrator, cents=PRICE, yearly_fee=YEARLY_FEE)
    catalogue.add_picture(
        product=product,
        by=administrator,
        upload=ContentFile(product_picture(), name="core.png"),
        alternative="A small dark box with four sockets and a green light",
        alternative_es="Una pequeña caja oscura con cuatro conectores y una luz verde",
    )
    cores.receive(model=model, by=clerk, serials=STOCK_SERIALS)
    catalogue.change_stock(product=product, by=clerk, kind="received", change=len(STOCK_SERIALS.splitlines()))


def product_picture() -> bytes:
    picture = Image.new("RGB", (1200, 900), "#eef2f5")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((200, 320, 1000, 620), radius=48, fill="#1f2d3d")
    for place in range(4):
        left = 280 + place * 130
        pen.rounded_rectangle((left, 430, left + 90, 510), radius=8, fill="#0b141d", outline="#8fa3b5", width=4)
    pen.ellipse((880, 445, 930, 495), fill="#3fbf6f")
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


ORDER_SERIALS = "\n".join(f"FC4-{number:05}" for number in range(31, 36))
CARRIER, TRACKING = "usps", "9400111899223344556677"


class Buyer(NamedTuple):
    """An organization that buys a CORE. home: its house in the town, by address. number: of its purchase order."""

    email: str
    name: str
    home: str
    number: str


TO_APPROVE = Buyer("school@demo.example", "Southside School", "2341 9th Ave S", "SS-26-118")
TO_PICK = Buyer("library@demo.example", "Southside Branch Library", "2125 Magnolia Ave S", "2026-0417")
TO_HAND_OVER = Buyer("church@demo.example", "Cobb Lane Community Church", "1340 Cobb Ln S", "PO 77")
COMES_BACK = Buyer("clinic@demo.example", "Magnolia Avenue Clinic", "2241 Magnolia Ave S", "MAC-1029")


def tell_orders(*, clerk: User, owner: Registrant) -> None:
    if Order.objects.exists():
        return
    model = CoreModel.objects.get(cameras_supported=4)
    product, serials = Product.objects.get(core_model=model), ORDER_SERIALS.splitlines()
    cores.receive(model=model, by=clerk, serials=ORDER_SERIALS)
    catalogue.change_stock(product=product, by=clerk, kind="received", change=len(serials))
    _ordered(product, _registered(TO_APPROVE, 1), TO_APPROVE.number)
    library = _registered(TO_PICK, 2)
    neighborhood.confirm_by_card(buyer=library)
    _approved(product, library, TO_PICK.number, clerk)
    _labelled(_approved(product, _registered(TO_HAND_OVER, 3), TO_HAND_OVER.number, clerk), serials[0], clerk)
    _sent(_labelled(_approved(product, owner, "FPH-3", clerk), serials[1], clerk), owner, clerk)
    clinic = _registered(COMES_BACK, 4)
    _comes_back(_approved(product, clinic, COMES_BACK.number, clerk), clinic, serials[2], clerk)


def _registered(buyer: Buyer, number: int) -> Registrant:
    user = account_of(Person(Role.BUSINESS, buyer.email, buyer.name))
    return register(user, home=buyer.home, phone=f"205-555-018{number}", cameras=CAMERAS[3:])


def _ordered(product: Product, owner: Registrant, number: str) -> PurchaseOrder:
    address = place_of(owner).address
    cart = carts.open_for(user=owner.user, browser="")
    carts.put(cart=cart, product=product, quantity=1)
    draft = orders.draft(registrant=owner, cart=cart, by=owner.user, sending=Sending(owner.name, address, address))
    paper = ContentFile(purchase_order_paper(owner.name, number, draft.total), name="purchase-order.pdf")
    return orders.submit_purchase_order(
        order=draft, by=owner.user, consents=True, number=number, limit=draft.total, paper=paper
    )


def _approved(product: Product, owner: Registrant, number: str, clerk: User) -> Order:
    return orders.approve_purchase_order(purchase_order=_ordered(product, owner, number), by=clerk).order


def _labelled(order: Order, serial: str, clerk: User) -> Shipment:
    parcel = parcels.begin_parcel(order=order, by=clerk)
    parcels.scan_core(shipment=parcel, by=clerk, serial=serial)
    return parcels.label_parcel(shipment=parcel, by=clerk, carrier=CARRIER, tracking=TRACKING)


def _sent(parcel: Shipment, owner: Registrant, clerk: User) -> Shipment:
    return parcels.hand_over_parcel(shipment=parcel, by=clerk, premises=place_of(owner))


def _comes_back(order: Order, owner: Registrant, serial: str, clerk: User) -> None:
    parcel = parcels.deliver_parcel(shipment=_sent(_labelled(order, serial, clerk), owner, clerk), by=clerk)
    today = timezone.localdate()
    payments.receive_check(order=order, by=clerk, number="20417", cents=order.total, received_on=today)
    core = parcel.items.get().core
    if core is None:
        raise ValueError("the parcel holds a CORE")
    issued = cores.issue_own_code(core=core, by=owner.user)
    key = Memory(Path(), serial, Ed25519PrivateKey.generate()).public_key
    active, _token = credentials.activate(serial=serial, code=issued.code, key=key, firmware=FIRMWARE)
    cores.begin_return(core=active, by=owner.user)


def purchase_order_paper(party: str, number: str, cents: int) -> bytes:
    page = Image.new("RGB", (850, 1100), "white")
    pen = ImageDraw.Draw(page)
    lines = [party, "", f"Purchase order {number}", "", "1 CORE for 4 cameras", f"Not more than {dollars(cents)}"]
    for place, line in enumerate(lines):
        pen.text((90, 120 + 60 * place), line, fill="black", font=ImageFont.load_default(size=34))
    made = BytesIO()
    page.save(made, "PDF")
    return made.getvalue()
