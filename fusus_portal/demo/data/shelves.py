"""The shop's one product: a CORE at the vendor's price, with some in stock."""

from datetime import date
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from fusus_portal.ground.accounts.models import User
from integration.cores.models import CoreModel
from integration.cores.services import cores
from shop.catalogue import services as catalogue
from shop.catalogue.models import Product
from shop.catalogue.services import ProductDetails
from shop.orders.models.orders import TaxRate
from shop.orders.services import taxes

SERIALS = "\n".join(f"FC4-{number:05}" for number in range(11, 16))
RATES = (("", 400), ("352", 1000))
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
        for beginning, rate in RATES:
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
    details = ProductDetails(
        model.name,
        "CORE para 4 cámaras",
        "goods",
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
        upload=ContentFile(drawing(), name="core.png"),
        alternative="A small dark box with four sockets and a green light",
        alternative_es="Una pequeña caja oscura con cuatro conectores y una luz verde",
    )
    cores.receive(model=model, by=clerk, serials=SERIALS)
    catalogue.change_stock(product=product, by=clerk, kind="received", change=len(SERIALS.splitlines()))


def drawing() -> bytes:
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
