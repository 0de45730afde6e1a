"""Packed pieces are in stock on no page; what arrived is not on its way; scans are read as the box reads them."""

import re
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from integration.cores.models import Core
from integration.cores.selectors import scanned, serial_in
from integration.cores.services import cores
from shop.parcels import services
from shop.parcels.models import Shipment
from shop.returns import services as return_services
from shop.returns.models import Return
from shop.returns.policies import check_scan
from shop.returns.selectors import returns_on_board
from tests.factories import person
from tests.integration.cores.devices import core_at, in_stock, owner_of
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns.returned import begun, by_check, labelled, received
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1)


def core_in(shipment: Shipment) -> Core:
    core = shipment.items.get(void_at__isnull=True).core
    assert core is not None
    return core


def main_of(browser: Client, name: str, *values: object, query: str = "") -> str:
    text = browser.get(reverse(name, args=values) + query).text
    return " ".join(re.sub(r"<[^>]+>", " ", text[text.index("<main") : text.index("</main>")]).split())


def test_packed_is_in_stock_on_no_page_and_again_once_it_is_unpacked(clerk_client: Client) -> None:
    product = orders.product(on_hand=3)
    order = orders.paid(orders.placed(orders.drafted(things=((product, 1),)))).order
    free = in_stock(model=product.core_model)
    shipment = parcels.packed(order)
    packed = core_in(shipment)
    assert "In stock: 1 Packed: 1" in main_of(clerk_client, "cores")
    assert "Packed" in main_of(clerk_client, "core", packed.pk)
    listed = main_of(clerk_client, "cores", query="?state=in_stock")
    assert (free.serial in listed, packed.serial in listed) == (True, False)
    assert packed.serial in main_of(clerk_client, "cores", query="?state=packed")
    assert re.search(r"Thing \d+ 2 0 2 1 1 1 fewer than counted", main_of(clerk_client, "fulfilment"))
    assert "2 left, 1 packed" in main_of(clerk_client, "fulfilment_stock", product.pk)
    services.drop_parcel(shipment=shipment, by=person("clerk"))
    assert "In stock: 2" in main_of(clerk_client, "cores")
    assert "2 left, 1 kept for orders" in main_of(clerk_client, "fulfilment_stock", product.pk)


def test_what_is_packed_takes_no_others_place() -> None:
    old, packed = core_at("active"), core_in(parcels.packed())
    with pytest.raises(ValidationError, match="no CORE with this serial number in stock"):
        cores.replace(old=old, new=packed, by=person("clerk"))


def test_what_arrived_is_not_on_its_way(clerk_client: Client) -> None:
    shipment = parcels.handed_over()
    core = Core.objects.get(pk=core_in(shipment).pk)
    browser = sign_in(owner_of(core))
    assert "Arrived, not yet activated" not in main_of(browser, "devices")
    browser.post(reverse("order_arrived", args=[shipment.order.number, shipment.pk]))
    assert "Arrived, not yet activated" in main_of(browser, "devices")
    assert "It arrived, and is not activated yet." in main_of(browser, "device", core.pk)
    assert "Arrived, not yet activated: 1" in main_of(clerk_client, "cores")


def test_what_is_back_at_the_office_is_coming_back_on_no_list(clerk_client: Client) -> None:
    back = begun()
    serial = back.core.serial
    assert "Coming back: 1" in main_of(clerk_client, "cores")
    received(back)
    assert "Back at the office: 1" in main_of(clerk_client, "cores")
    assert "Back at the office" in main_of(clerk_client, "core", back.core_id)
    assert serial in main_of(clerk_client, "cores", query="?state=back")
    assert serial not in main_of(clerk_client, "cores", query="?state=returning")
    return_services.undo_parcel(back=Return.objects.get(pk=back.pk), by=person("clerk"), reason="Another parcel")
    assert "Back at the office" not in main_of(clerk_client, "core", back.core_id)
    assert serial in main_of(clerk_client, "cores", query="?state=returning")


@pytest.mark.parametrize("typed", ["{bare}", "]C1{bare}", " {low} ", "{serial}"])
def test_a_scan_is_read_as_the_box_reads_it(typed: str, clerk_client: Client) -> None:
    back = labelled(begun(by_check()))
    serial = back.core.serial
    text = typed.format(bare=serial.replace("-", ""), low=serial.lower(), serial=serial)
    assert scanned(text) == back.core
    assert serial_in(text) == check_scan(back, text) == serial
    assert returns_on_board(state="", text=text).get() == back
    answer = clerk_client.post(reverse("return_do", args=[back.pk, "receive"]), {"serial": text}, follow=True)
    assert "Inspect it next" in answer.text


def test_the_number_of_a_return_or_of_its_label_is_no_core_but_leads_to_it() -> None:
    back = labelled(begun(by_check()))
    for text in (back.number, back.number.lower().replace("-", ""), "1Z 999 AA1 01 2345 6784"):
        assert returns_on_board(state="", text=text).get() == back
        with pytest.raises(ValidationError, match="Scan the CORE that is in the parcel"):
            check_scan(back, text)


def test_what_no_core_looks_like_stays_as_it_was_typed() -> None:
    model = orders.product().core_model
    in_stock(model=model)
    assert scanned("nothing like it") is None
    assert serial_in("nothing  like it") == "NOTHING LIKE IT"
