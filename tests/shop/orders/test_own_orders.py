"""A business's own orders: what happened, what comes next, and what can be done. Nobody else's order is there."""

import re
from datetime import timedelta
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import kind_of
from integration.cores.services import credentials
from shop.orders.models.orders import Order
from shop.parcels import services
from tests.audit.console.test_paper import text_in
from tests.factories import person
from tests.integration.cores.devices import FIRMWARE, business_at, core_at, owner_of, public_key
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.orders.test_order_pages import page_of
from tests.shop.parcels import parcels
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=2, products=2)


@pytest.mark.usefixtures("paper")
class TestOwn:
    def test_an_order_of_another_business_is_not_there(self) -> None:
        order = parcels.shipment_at("delivered").order
        invoice, shipment = order.invoices.get(), order.shipments.get()
        stranger = sign_in(business_at(user=person(Role.BUSINESS)).user)
        core = shipment.items.get().core
        assert core is not None
        for name, *rest in (("order",), ("order_cancel",), ("order_paid",), ("order_invoice", invoice.pk)):
            assert stranger.get(reverse(name, args=[order.number, *rest])).status_code == 404
        for name, *rest in (
            ("order_cancel",),
            ("order_pay",),
            ("order_agree",),
            ("order_arrived", shipment.pk),
            ("order_code", core.pk),
        ):
            assert stranger.post(reverse(name, args=[order.number, *rest])).status_code == 404
        assert order.number not in page_of(stranger, "orders")

    def test_the_invoice_is_a_tagged_paper(self) -> None:
        order = parcels.bought()
        browser = sign_in(buyer_of(order))
        invoice = order.invoices.get()
        assert reverse("order_invoice", args=[order.number, invoice.pk]) in page_of(browser, "order", order.number)
        answer = browser.get(reverse("order_invoice", args=[order.number, invoice.pk]))
        assert answer["Content-Type"] == "application/pdf"
        assert invoice.printed_number in answer["Content-Disposition"]
        assert b"/StructTreeRoot" in text_in(answer.content)

    def test_the_credit_note_is_a_paper_of_its_own_and_stands_in_the_mail(self) -> None:
        refund = orders.refund_at("succeeded")
        note, order = refund.credit_note, refund.payment.order
        address = reverse("order_credit_note", args=[order.number, note.pk])
        browser = sign_in(buyer_of(order))
        assert address in page_of(browser, "order", order.number)
        answer = browser.get(address)
        assert (answer["Content-Type"], note.printed_number in answer["Content-Disposition"]) == (
            "application/pdf",
            True,
        )
        assert b"/StructTreeRoot" in text_in(answer.content)
        assert sign_in(business_at(user=person(Role.BUSINESS)).user).get(address).status_code == 404
        context = {"order": str(order.pk), "refund": str(refund.pk)}
        assert str(kind_of("order_refund").build(context)["note_link"]).endswith(address)

    def test_a_long_list_goes_on_after_an_order_and_shows_none_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shop.orders.selectors.orders.A_PAGE", 2)
        owner = business_at()
        numbers = []
        for _each in range(4):
            numbers.append(orders.placed(orders.drafted(owner=owner)).number)
            Order.objects.filter(number=numbers[-1]).update(state="cancelled")
        browser, seen, query = sign_in(owner.user), [], ""
        for _page in range(2):
            page = browser.get(reverse("orders") + query).content.decode()
            seen += re.findall(r'href="/orders/([A-Z0-9-]+)/"', page)
            query = (re.findall(r'href="(\?before=[A-Z0-9-]+)"', page) or [""])[0]
        assert (seen, query) == (numbers[::-1], "")
        clerk = sign_in(person(Role.CLERK))
        listed = clerk.get(reverse("fulfilment_orders"), {"state": "cancelled"}).content.decode()
        assert [number in listed for number in numbers] == [False, False, True, True]
        found = clerk.get(reverse("fulfilment_orders"), {"q": numbers[0].lower()})
        assert found["Location"] == reverse("fulfilment_order", args=[numbers[0]])

    def test_orders_of_one_day_are_one_fold(self) -> None:
        owner = business_at()
        numbers, folds = [], []
        for _each in range(2):
            numbers.append(orders.placed(orders.drafted(owner=owner)).number)
            Order.objects.filter(number=numbers[-1]).update(state="cancelled")
            main = page_of(sign_in(owner.user), "orders").partition("<main")[2]
            folds.append(re.findall(r"<details.*?</details>", main, re.DOTALL))
        assert folds[0] == []
        ((fold,),) = folds[1:]
        assert "2 orders" in fold
        assert [number in fold for number in numbers] == [True, True]
        assert fold.partition("</summary>")[0].count("Canceled") == 2

    def test_it_is_canceled_before_it_is_sent_and_not_after(self) -> None:
        order = parcels.bought()
        browser = sign_in(buyer_of(order))
        assert "Cancel order" in page_of(browser, "order_cancel", order.number)
        page = browser.post(reverse("order_cancel", args=[order.number]), follow=True).content.decode()
        assert "A refund of" in page
        sent = parcels.order_on_its_way("shipped")
        browser = sign_in(buyer_of(sent))
        assert "so it can&#x27;t be canceled" in page_of(browser, "order", sent.number)
        assert browser.post(reverse("order_cancel", args=[sent.number])).status_code == 409

    def test_from_the_parcel_to_the_activated_core(self) -> None:
        shipment = parcels.handed_over()
        order, core = shipment.order, shipment.items.get().core
        assert core is not None
        browser = sign_in(buyer_of(order))
        page = page_of(browser, "order", order.number)
        assert parcels.TRACKING in page
        assert "Show the activation code" not in page
        assert browser.post(reverse("order_code", args=[order.number, core.pk])).status_code == 404
        page = browser.post(reverse("order_arrived", args=[order.number, shipment.pk]), follow=True).content.decode()
        assert "Show the activation code" in page
        page = browser.post(reverse("order_code", args=[order.number, core.pk])).content.decode()
        assert f'data-shown-at="{reverse("order", args=[order.number])}"' in page
        [code] = re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page)
        key = public_key(Ed25519PrivateKey.generate())
        activated, _token = credentials.activate(serial=core.serial, code=code, key=key, firmware=FIRMWARE)
        assert activated.state == "active"
        assert "Show the activation code" not in page_of(browser, "order", order.number)

    def test_the_page_of_a_core_has_its_code_when_it_has_arrived(self) -> None:
        shipment = parcels.handed_over()
        core = shipment.items.get().core
        assert core is not None
        browser = sign_in(buyer_of(shipment.order))
        page = page_of(browser, "device", core.pk)
        assert "Show the activation code" not in page
        assert reverse("order_arrived", args=[shipment.order.number, shipment.pk]) in page
        services.deliver_parcel(shipment=shipment, by=buyer_of(shipment.order))
        address = reverse("order_code", args=[shipment.order.number, core.pk])
        assert address in page_of(browser, "device", core.pk)
        assert "<code>" in browser.post(address).text
        given = core_at("shipped")
        assert "Activation code" not in page_of(sign_in(owner_of(given)), "device", given.pk)

    def test_the_buyer_of_a_late_order_waits_or_cancels(self) -> None:
        order = parcels.late(asked=True)
        browser = sign_in(buyer_of(order))
        page = page_of(browser, "order", order.number)
        assert "Your order will be late" in page
        assert reverse("order_cancel", args=[order.number]) in page
        page = browser.post(reverse("order_agree", args=[order.number]), follow=True).content.decode()
        assert "Thank you for waiting" in page
        assert "Your order will be late" not in page

    def test_the_list_says_what_waits_in_the_cart(self, business: User) -> None:
        business_at(user=business)
        shopper = sign_in(business)
        shopper.post(reverse("product_add", args=[orders.product().slug]), {"quantity": 1})
        page = page_of(shopper, "orders")
        assert "Nothing is ordered yet" in page
        assert "You have no orders" in page


def test_what_was_not_paid_in_time_can_t_be_paid_any_more() -> None:
    order = orders.placed()
    Order.objects.filter(pk=order.pk).update(reserved_until=timezone.now() - timedelta(minutes=1))
    browser = sign_in(buyer_of(order))
    assert "Go to the payment page" not in page_of(browser, "order", order.number)
    page = browser.post(reverse("order_pay", args=[order.number]), follow=True).content.decode()
    assert "was not paid in time" in page
