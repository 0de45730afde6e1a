"""From the cart to the order, and an order's own pages. Nobody else's order is there."""

import re
from functools import partial
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from fusus_portal.ground.access import limits
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from shop.catalogue import services as catalogue
from shop.catalogue.models import Product
from shop.orders.models.orders import ExemptionCertificate, Order, PurchaseOrder
from shop.orders.policies import a_year_after
from tests.factories import person, registrant_at
from tests.integration.cores.devices import business_at
from tests.people import sign_in
from tests.registry.people.test_registration import fill
from tests.shop.orders import orders
from tests.shop.orders.orders import PDF, buyer_of
from tests.shop.payments.paper import Paper
from tests.shop.worlds import ready_with
from tests.streets.conftest import southside  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)

SHIP = {
    "ship_name": "Rosa Diaz",
    "ship_street": "600 20th Street North",
    "ship_city": "Birmingham",
    "ship_state": "AL",
    "ship_zip": "35203",
    "same": "on",
}


@pytest.fixture
def product() -> Product:
    """Return a CORE that is sold where a rate is."""
    orders.tax_rate()
    return orders.product()


@pytest.fixture
def shopper(business: User, product: Product) -> Client:
    """Return the browser of a business with a CORE in its cart."""
    business_at(user=business)
    browser = sign_in(business)
    browser.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
    return browser


def page_of(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args), follow=True).content.decode()


def test_a_business_that_registers_on_its_way_to_buy_is_led_back_to_the_checkout(
    product: Product, business_client: Client
) -> None:
    business_client.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
    assert reverse("register") in page_of(business_client, "checkout")
    fill(business_client)
    after = business_client.post(reverse("register_check"), {"agreed": "on"}, follow=True)
    assert [step for step, _status in after.redirect_chain] == [reverse("checkout"), reverse("checkout_addresses")]


def to_confirm(client: Client) -> None:
    assert client.post(reverse("checkout_addresses"), SHIP)["Location"] == reverse("checkout_tax")


def a_paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("paper.pdf", PDF, content_type="application/pdf")


class TestWho:
    def test_a_visitor_signs_in_or_makes_an_account_and_comes_back(
        self, visitor_client: Client, product: Product
    ) -> None:
        visitor_client.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
        page = page_of(visitor_client, "checkout")
        assert f"{reverse('account_login')}?next=%2Fshop%2Fcheckout%2F" in page
        assert f"{reverse('account_signup')}?next=%2Fshop%2Fcheckout%2F" in page
        assert "Step " not in page

    def test_a_resident_is_told_and_a_business_without_a_registration_registers(
        self, resident_client: Client, business_client: Client, product: Product
    ) -> None:
        for client, words in (
            (resident_client, "Only businesses can buy COREs"),
            (business_client, "Register your business"),
        ):
            client.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
            assert words in page_of(client, "checkout")
        assert business_client.get(reverse("checkout_addresses"))["Location"] == reverse("checkout")

    def test_who_has_nothing_in_the_cart_goes_there(self, visitor_client: Client) -> None:
        assert visitor_client.get(reverse("checkout"))["Location"] == reverse("cart")

    def test_an_account_of_a_business_that_registered_as_a_person_can_t_buy(self, product: Product) -> None:
        owner = registrant_at(user=person(Role.BUSINESS))
        browser = sign_in(owner.user)
        browser.post(reverse("product_add", args=[product.slug]), {"quantity": 1})
        answer = browser.post(reverse("checkout_addresses"), SHIP)
        assert answer.status_code == 403
        assert "Only businesses can buy COREs" in answer.content.decode()


class TestSteps:
    def test_the_place_of_the_business_stands_there_already(self, shopper: Client) -> None:
        page = page_of(shopper, "checkout")
        assert "Where should we send it?" in page
        assert 'aria-current="step"' in page

    def test_each_step_counts_from_the_addresses_and_leads_back_to_the_one_before(self, shopper: Client) -> None:
        to_confirm(shopper)
        steps = ["checkout_addresses", "checkout_tax", "checkout_payment", "checkout_card"]
        for number, (before, name) in enumerate(pairwise(["cart", *steps]), start=1):
            page = page_of(shopper, name)
            assert re.search(rf"Step {number} of 4\b", page)
            assert f'class="back-link" href="{reverse(before)}">Back<' in page
        assert f'class="back-link" href="{reverse("checkout_payment")}">' in page_of(shopper, "checkout_purchase_order")

    def test_suggestions_fill_in_the_parts_of_their_own_address(self, shopper: Client) -> None:
        page = page_of(shopper, "checkout")
        for prefix in ("ship", "bill"):
            for part, name in (("city", "city"), ("state", "state"), ("zip-code", "zip")):
                assert f'data-fills-{part}="{prefix}_{name}"' in page

    @pytest.mark.usefixtures("southside")
    def test_an_address_that_the_county_lacks_is_sent_to_all_the_same(self, shopper: Client) -> None:
        shopper.post(reverse("checkout_addresses"), {**SHIP, "ship_street": "99999 Nowhere Lane"})
        assert Order.objects.get().ship_street == "99999 Nowhere Lane"

    def test_what_is_missing_is_said_at_its_field(self, shopper: Client) -> None:
        said = {**SHIP, "ship_street": "", "ship_zip": "352", "same": ""}
        page = shopper.post(reverse("checkout_addresses"), said).content.decode()
        for field in ("ship_street", "bill_street", "bill_state"):
            assert f'href="#id_{field}"' in page
        assert "(optional)" not in page
        assert not Order.objects.exists()

    def test_a_place_without_a_tax_rate_is_not_sold_to(self, shopper: Client) -> None:
        page = shopper.post(reverse("checkout_addresses"), {**SHIP, "ship_state": "GA", "ship_zip": "30303"})
        assert "We can&#x27;t sell to this place yet" in page.content.decode()

    def test_the_invoice_may_go_elsewhere(self, shopper: Client) -> None:
        bill = {"bill_street": "1 Main Street", "bill_city": "Atlanta", "bill_state": "GA", "bill_zip": "30303"}
        shopper.post(reverse("checkout_addresses"), {**SHIP, "same": "", **bill})
        assert (Order.objects.get().bill_state, Order.objects.get().ship_state) == ("GA", "AL")

    def test_tax_fee_and_how_to_cancel_stand_before_the_payment(self, shopper: Client) -> None:
        to_confirm(shopper)
        assert "$35.00" in page_of(shopper, "checkout_tax")
        page = page_of(shopper, "checkout_card")
        for words in (
            "$385.00",
            "The yearly fee is $150.00 in total",
            f"not before {date_format(a_year_after(timezone.localdate()))}",
            "for any reason",
            reverse("terms"),
        ):
            assert words in page
        [box] = re.findall(r'<input type="checkbox"[^>]*name="consent"[^>]*>', page)
        assert "checked" not in box

    def test_without_consent_nothing_is_ordered(self, shopper: Client) -> None:
        to_confirm(shopper)
        page = shopper.post(reverse("checkout_card"), {}).content.decode()
        assert "Please say that you agree to the yearly fee" in page
        assert Order.objects.get().state == "draft"

    def test_a_price_that_changed_meanwhile_is_never_charged_silently(self, shopper: Client, product: Product) -> None:
        to_confirm(shopper)
        catalogue.set_price(product=product, by=person(Role.ADMINISTRATOR), cents=50_000, yearly_fee=15_000)
        page = shopper.post(reverse("checkout_card"), {"consent": "on"}, follow=True).content.decode()
        assert "A price has changed since you looked" in page
        assert Order.objects.get().state == "draft"

    def test_the_last_one_that_somebody_else_bought_is_said(self, shopper: Client, product: Product) -> None:
        to_confirm(shopper)
        orders.placed(orders.drafted(things=((product, 10),)))
        page = shopper.post(reverse("checkout_card"), {"consent": "on"}).content.decode()
        assert "is sold out" in page

    def test_a_certificate_counts_once_it_is_approved(self, shopper: Client, clerk_client: Client) -> None:
        to_confirm(shopper)
        said = {"state_code": "AL", "number": "EX-1", "valid_until": "2099-01-01", "paper": a_paper()}
        page = shopper.post(reverse("checkout_tax"), said, follow=True).content.decode()
        assert "a clerk is reviewing it" in page
        certificate = ExemptionCertificate.objects.get()
        assert "EX-1" in page_of(clerk_client, "fulfilment")
        answer = clerk_client.get(reverse("exemption_paper", args=[certificate.pk]))
        assert (answer.content, "attachment" in answer["Content-Disposition"]) == (PDF, True)
        clerk_client.post(reverse("exemption_approve", args=[certificate.pk]))
        to_confirm(shopper)
        assert "You pay no sales tax, by your certificate EX-1." in page_of(shopper, "checkout_tax")
        assert Order.objects.get().total == 35_000

    @pytest.mark.parametrize(("valid", "paper"), [("2020-01-01", PDF), ("2099-01-01", b"#!/bin/sh")])
    def test_one_that_is_over_or_no_paper_is_refused(self, shopper: Client, valid: str, paper: bytes) -> None:
        to_confirm(shopper)
        file = SimpleUploadedFile("paper.pdf", paper)
        said = {"state_code": "AL", "number": "EX-1", "valid_until": valid, "paper": file}
        assert "Please check what you typed" in shopper.post(reverse("checkout_tax"), said).content.decode()
        assert not ExemptionCertificate.objects.exists()


class TestCard:
    def test_it_leads_to_the_payment_page_and_back_to_what_happened(self, shopper: Client, paper: Paper) -> None:
        to_confirm(shopper)
        answer = shopper.post(reverse("checkout_card"), {"consent": "on"})
        order = Order.objects.get()
        attempt = order.attempts.get()
        assert (answer.status_code, answer["Location"]) == (302, attempt.url)
        page = page_of(shopper, "order_paid", order.number)
        assert "Your order is not paid yet" in page
        assert reverse("order_paid_state", args=[order.number]) in page
        paper.pay(attempt.session_id)
        # The webhook has not come: the buyer who returns reads it all the same.
        assert "Your order is paid" in page_of(shopper, "order_paid_state", order.number)
        order.refresh_from_db()
        assert order.state == "paid"
        assert "Your order is paid" in page_of(shopper, "order_paid", order.number)

    def test_looking_again_and_again_asks_the_payment_service_a_minute_s_worth(
        self, shopper: Client, paper: Paper, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        to_confirm(shopper)
        shopper.post(reverse("checkout_card"), {"consent": "on"})
        monkeypatch.setattr(limits, "parse", lambda _rate: (2, 60))
        address = reverse("order_paid_state", args=[Order.objects.get().number])
        assert [shopper.get(address).status_code for _ in range(3)] == [200, 200, 429]

    def test_a_declined_card_loses_nothing(self, shopper: Client, paper: Paper) -> None:
        to_confirm(shopper)
        shopper.post(reverse("checkout_card"), {"consent": "on"})
        order = Order.objects.get()
        page = page_of(shopper, "order_paid", order.number)
        assert "nothing is lost. Please try again" in page
        again = shopper.post(reverse("order_pay", args=[order.number]))
        assert again["Location"] == order.attempts.get().url

    def test_a_gateway_that_is_down_loses_nothing(self, shopper: Client, paper: Paper) -> None:
        to_confirm(shopper)
        paper.before["create_session"] = [orders.unknown()]
        page = shopper.post(reverse("checkout_card"), {"consent": "on"}, follow=True).content.decode()
        assert "The payment service does not answer right now. Nothing was charged." in page
        assert "Go to the payment page" in page
        order = Order.objects.get()
        paper.before["retrieve_session"] = [orders.unknown()]
        assert "Your order is not paid yet" in page_of(shopper, "order_paid", order.number)


class TestPurchaseOrder:
    def test_a_clerk_approves_it_and_the_invoice_is_due(self, shopper: Client, clerk_client: Client) -> None:
        to_confirm(shopper)
        said = {"number": "po 17", "limit": "385.00", "paper": a_paper(), "consent": "on"}
        page = shopper.post(reverse("checkout_purchase_order"), said, follow=True).content.decode()
        assert "A clerk reviews your purchase order" in page
        found = PurchaseOrder.objects.get()
        assert "PO 17" in page_of(clerk_client, "purchase_order", found.pk)
        assert clerk_client.get(reverse("purchase_order_paper", args=[found.pk])).content == PDF
        clerk_client.post(reverse("purchase_order_approve", args=[found.pk]))
        assert "was approved" in page_of(shopper, "order", found.order.number)
        check = {"check_number": "1001", "cents": "385.00", "received_on": timezone.localdate().isoformat()}
        page = clerk_client.post(reverse("order_check", args=[found.order.number]), check, follow=True).content.decode()
        assert "The check is recorded." in page
        assert "is not paid yet" not in page

    def test_one_that_allows_less_is_refused(self, shopper: Client) -> None:
        to_confirm(shopper)
        said = {"number": "PO 17", "limit": "384.99", "paper": a_paper(), "consent": "on"}
        page = shopper.post(reverse("checkout_purchase_order"), said).content.decode()
        assert page.count("the purchase order allows $384.99") == 2, "at the top, and at its field"
        assert page.count("Please check what you typed") == 1

    def test_declined_its_reason_is_read(self, clerk_client: Client) -> None:
        found = orders.submitted()
        answer = clerk_client.post(reverse("purchase_order", args=[found.pk]), {"reason": "The paper is not signed"})
        assert answer["Location"] == reverse("fulfilment")
        page = page_of(sign_in(buyer_of(found.order)), "order", found.order.number)
        assert "was declined: The paper is not signed" in page
