"""Labels, packing slips and invoices as PDF for clerks, with the office's return address."""

from functools import partial

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.agency.selectors import words
from shop.orders.presenters.money import paper_of
from shop.parcels import paper, selectors, services
from tests.audit.console.test_paper import text_in
from tests.factories import person
from tests.shop.parcels import parcels
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1)

OFFICE = "2200 8th Avenue N, Birmingham, AL 35203"


@pytest.fixture
def office() -> None:
    agency = Agency.current()
    agency.return_address = OFFICE
    agency.save()


def pages(content: bytes) -> int:
    """Return how many pages of 4 by 6 inches a PDF has, which is all that it has."""
    assert content.startswith(b"%PDF-")
    inside = text_in(content)
    assert b"pdfuaid" in inside
    return inside.count(b"/MediaBox[0 0 288 432]") or inside.count(b"/MediaBox [0 0 288 432]")


@pytest.mark.usefixtures("office")
def test_a_label_says_from_whom_to_whom_and_a_slip_what_is_in_it() -> None:
    shipment = parcels.labelled(parcels.packed(parcels.bought(accessories=2)))
    [found] = selectors.to_print([shipment.number])
    label, slip = paper.page([found]).split("<article")[1:]
    order = shipment.order
    for text in (OFFICE, order.ship_name, order.ship_street, order.ship_zip, shipment.number, parcels.TRACKING):
        assert text in label
    assert "<svg" in label
    core = shipment.items.get(core__isnull=False).core
    assert core is not None
    assert core.serial in slip
    assert core.serial not in label
    assert "Packing slip" in slip


def test_without_a_return_address_a_label_says_whom_to_call() -> None:
    [found] = selectors.to_print([parcels.labelled().number])
    assert Agency.current().phone in paper.page([found])


def test_a_slip_is_in_the_language_of_its_order() -> None:
    shipment = parcels.labelled()
    shipment.order.language = "es"
    assert 'lang="es"' in paper.page([shipment])


def test_one_file_holds_all_labels_in_the_picking_order(clerk_client: Client) -> None:
    first, second = parcels.bought(), parcels.bought()
    later, earlier = (parcels.labelled(parcels.packed(order)) for order in (second, first))
    parcels.packed()
    assert [each.number for each in selectors.to_print([])] == [earlier.number, later.number]
    answer = clerk_client.get(reverse("parcel_sheets"))
    assert answer["Content-Type"] == "application/pdf"
    assert pages(answer.content) == 4
    named = clerk_client.get(reverse("parcel_sheets"), {"packed": [later.number, "P-ZZZZZZZZ"]})
    assert pages(named.content) == 2
    assert f'filename="{later.number}.pdf"' in named["Content-Disposition"]


def test_one_without_a_label_has_none(clerk_client: Client) -> None:
    packing = parcels.packed()
    assert clerk_client.get(reverse("parcel_sheet", args=[packing.pk])).status_code == 404
    assert clerk_client.get(reverse("parcel_sheets")).status_code == 404
    assert pages(clerk_client.get(reverse("parcel_sheet", args=[parcels.labelled().pk])).content) == 2


@pytest.mark.usefixtures("office")
def test_a_clerk_downloads_the_invoice_of_the_order_with_the_office_s_address(
    clerk_client: Client, deputy_client: Client
) -> None:
    order, other = parcels.bought(), parcels.bought()
    invoice = order.invoices.get()
    address = reverse("fulfilment_invoice", args=[order.number, invoice.pk])
    assert address in clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
    assert clerk_client.get(address).content.startswith(b"%PDF-")
    assert clerk_client.get(reverse("fulfilment_invoice", args=[other.number, invoice.pk])).status_code == 404
    assert deputy_client.get(address).status_code == 403
    assert OFFICE in render_to_string("shop/orders/own/invoice.html", {**paper_of(invoice), "agency": words()})


def test_a_batch_has_labels_before_its_carrier_is_known(clerk_client: Client) -> None:
    order = parcels.bought()
    parcels.fitting(order.lines.get())
    parcel = services.pack_order(order=order, by=person("clerk"))
    assert pages(clerk_client.get(reverse("parcel_sheet", args=[parcel.pk])).content) == 2
