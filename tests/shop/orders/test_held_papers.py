"""A paper that was chosen survives what is wrong with the rest of its form."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.catalogue import files, services as catalogue
from shop.catalogue.files import CheckedPaper
from shop.catalogue.tasks import discard_held_papers
from shop.orders.models.orders import ExemptionCertificate, Order, PurchaseOrder
from shop.rules import HELD_FOR
from tests.factories import person
from tests.people import sign_in
from tests.shop.connections.renewed import announced
from tests.shop.orders import orders
from tests.shop.orders.orders import PDF, buyer_of
from tests.shop.returns.returned import bought

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]

RIGHT = {"number": "PO 17", "limit": "$5,000.00", "consent": "on"}
CERTIFICATE = {"state_code": "AL", "number": "EX-1", "valid_until": "2040-01-01"}


@pytest.fixture
def order() -> Order:
    """Return an order that waits for its purchase order."""
    return orders.drafted()


@pytest.fixture
def browser(order: Order) -> Client:
    """Return the browser of its buyer, with the order in the cart."""
    return sign_in(buyer_of(order))


def upload(content: bytes = PDF, name: str = "our order.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def sends(browser: Client, step: str, **said: object) -> str:
    answer = browser.post(reverse(step), said, follow=True)
    assert answer.status_code == 200
    return answer.text


def token_in(page: str) -> str:
    found = re.search(r'name="held"[^>]* value="([^"]+)"', page)
    return found[1] if found else ""


def held() -> list[str]:
    storage = storages["papers"]
    return storage.listdir(files.HELD_FOLDER)[1] if storage.exists(files.HELD_FOLDER) else []


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    yield
    files.discard_held_before(timezone.now() + timedelta(days=1))


def test_a_purchase_order_is_chosen_once(browser: Client) -> None:
    page = sends(browser, "checkout_purchase_order", **{**RIGHT, "number": ""}, paper=upload())
    assert "“our order.pdf” is attached." in page
    page = sends(browser, "checkout_purchase_order", **{**RIGHT, "limit": "1"}, held=token_in(page))
    assert "“our order.pdf” is attached." in page
    sends(browser, "checkout_purchase_order", **RIGHT, held=token_in(page))
    assert orders.read(PurchaseOrder.objects.get().paper) == PDF
    assert held() == []


def test_an_exemption_is_chosen_once(browser: Client) -> None:
    page = sends(browser, "checkout_tax", **{**CERTIFICATE, "valid_until": "1999-01-01"}, paper=upload())
    assert "“our order.pdf” is attached." in page
    sends(browser, "checkout_tax", **CERTIFICATE, held=token_in(page))
    assert orders.read(ExemptionCertificate.objects.get().paper) == PDF


def test_so_is_the_purchase_order_of_a_further_year() -> None:
    year = announced(bought())
    client, address = sign_in(buyer_of(year)), reverse("order_purchase_order", args=[year.number])
    page = client.post(address, {"number": "", "limit": "500", "paper": upload()}).text
    client.post(address, {"number": "PO 18", "limit": "500", "held": token_in(page)})
    assert orders.read(PurchaseOrder.objects.get().paper) == PDF


def test_another_one_takes_its_place(browser: Client) -> None:
    first = sends(browser, "checkout_purchase_order", **{**RIGHT, "number": ""}, paper=upload())
    other = upload(PDF + b"\n% another", "second.pdf")
    page = sends(browser, "checkout_purchase_order", **{**RIGHT, "number": ""}, held=token_in(first), paper=other)
    assert "“second.pdf” is attached." in page
    assert len(held()) == 1
    assert "is attached" not in sends(browser, "checkout_purchase_order", **RIGHT, held=token_in(first))
    assert not PurchaseOrder.objects.exists()
    sends(browser, "checkout_purchase_order", **RIGHT, held=token_in(page))
    assert orders.read(PurchaseOrder.objects.get().paper).endswith(b"another")


def test_what_may_not_be_kept_is_not_held(browser: Client) -> None:
    page = sends(browser, "checkout_purchase_order", **RIGHT, paper=upload(b"<script>", "paper.pdf"))
    assert "is attached" not in page
    assert held() == []


def test_its_name_is_text_and_nothing_else(browser: Client) -> None:
    page = sends(browser, "checkout_purchase_order", **{**RIGHT, "number": ""}, paper=upload(name="<b>x.pdf"))
    assert "“&lt;b&gt;x.pdf” is attached." in page


def test_it_is_nobody_else_s_and_for_a_day_alone(order: Order) -> None:
    paper, mine, theirs = CheckedPaper("ab/abc.pdf", PDF), buyer_of(order).pk, person("business").pk
    token = files.hold_paper(paper, name="mine.pdf", sender=mine)
    found = files.find_held_paper(token, sender=mine)
    assert found is not None
    assert (found[1], found[0].content) == ("mine.pdf", PDF)
    assert files.find_held_paper(token, sender=theirs) is None
    files.release_held_paper(token, sender=theirs)
    assert discard_held_papers() == 0
    with time_machine.travel(timezone.now() + HELD_FOR + timedelta(minutes=1)):
        assert files.find_held_paper(token, sender=mine) is None
        assert discard_held_papers() == 1
    assert files.find_held_paper(token, sender=mine) is None


def test_it_outlives_an_order_that_has_to_be_made_again(browser: Client, order: Order) -> None:
    product = order.lines.get().product
    catalogue.set_price(product=product, by=person("administrator"), cents=40_000, yearly_fee=15_000)
    browser.post(reverse("checkout_purchase_order"), {**RIGHT, "paper": upload()})
    assert len(held()) == 1
    assert browser.session["held_paper"]
