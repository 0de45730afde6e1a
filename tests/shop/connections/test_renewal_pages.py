"""Pages and buttons about further years, for a business and for a clerk."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from registry.people.services import registrants
from registry.places.hooks import tables_of
from shop.connections.models import CardOnFile
from shop.connections.services import years
from shop.orders.models.orders import Order
from shop.payments.models import Payment
from shop.payments.services import payments
from tests.factories import person
from tests.integration.cores.devices import business_at, owner_of
from tests.people import sign_in
from tests.shop.connections.renewed import (
    announced,
    connected_for,
    lapsed,
    of,
    on_day,
    order_core,
    owed_now,
    owing,
    renewed,
    stopped,
    submitted,
    waits_now,
)
from tests.shop.orders.orders import drafted, paid, placed, product
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import begun, bought
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1)


def page(browser: Client, name: str, *values: object, status: int = 200) -> str:
    answer = browser.get(reverse(name, args=values))
    assert answer.status_code == status
    return answer.content.decode()


def owner_at(order: Order) -> Client:
    return sign_in(owner_of(order_core(order)))


class TestOwners:
    """`/orders/`, `/payment-method/`, the order of a year, the page of a CORE."""

    def test_the_next_year_stands_on_each_page_with_amount_and_day(self) -> None:
        order = waits_now()
        browser, core = owner_at(order), order_core(order)
        for text in (page(browser, "orders"), page(browser, "device", core.pk), page(browser, "payment_method")):
            assert "$165.00 with sales tax, on" in text
            assert "No card is kept for it: nothing is charged automatically" in text
        assert "<h2>What is due next</h2>" in page(browser, "payment_method")
        text = page(browser, "order", order.number)
        assert "Another year of CORE" in text
        assert "The parcel goes to" not in text
        assert "Cancel this order" not in text

    def test_before_it_is_announced_the_day_and_the_amount_are_known(self) -> None:
        core = bought()
        text = page(sign_in(owner_of(core)), "device", core.pk)
        assert "$165.00 with sales tax, on" in text
        assert "By Visa ending 4242, kept since" in text

    def test_what_is_past_due_leads_to_the_payment_page(self, paper: Paper) -> None:
        order = owed_now()
        browser = owner_at(order)
        assert "Pay now" in page(browser, "orders")
        assert "This year has begun, and is not paid" in page(browser, "order", order.number)
        answer = browser.post(reverse("order_pay", args=[order.number]))
        assert answer.headers["Location"] == "https://pay.example/page"
        attempt = order.attempts.get()
        paper.pay(attempt.session_id)
        payments.settle(attempt=attempt)
        assert "Paid" in page(browser, "order", order.number)
        assert "CORE stays connected" in page(browser, "order_paid", order.number)

    def test_why_a_card_was_not_charged_stands_on_the_order(self) -> None:
        order = owing()
        with on_day(order_core(order), 1):
            assert "Your card could not be charged. Your bank declined the card." in page(
                owner_at(order), "order", order.number
            )

    def test_a_stopped_core_is_connected_again_with_one_press(self) -> None:
        core = lapsed()
        with on_day(core, 40):
            browser = sign_in(owner_of(core))
            assert "Pay for a year and reconnect it" in page(browser, "device", core.pk)
            answer = browser.post(reverse("device_reconnect", args=[core.pk]))
        assert answer.headers["Location"] == "https://pay.example/page"

    def test_a_stopped_core_whose_purchase_order_waits_says_both_on_each_page(self, clerk_client: Client) -> None:
        core = connected_for(420)
        stopped(core)
        browser, order = sign_in(owner_of(core)), years.reconnect(core=core, by=owner_of(core))
        before = page(browser, "order_purchase_order", order.number)
        assert "Once it is approved, the CORE works again" in before
        assert "nothing stops" not in before
        order = submitted(order)
        both = "it has stopped, and it works again once a clerk has approved your purchase order."
        texts = [page(browser, "device", core.pk), page(browser, "order", order.number)]
        for text in texts:
            assert both in text
            assert "othing stops" not in text
            assert "reconnect it" not in text
        short = "Stopped, and a purchase order waits for a clerk"
        desk = [page(clerk_client, "years_owing"), page(clerk_client, "fulfilment_order", order.number)]
        for text in (page(browser, "orders"), *desk):
            assert short in text
            assert "Stopped, not paid" not in text
        assert "By a purchase order, which a clerk is reviewing" in page(browser, "orders")

    def test_a_card_is_left_and_removed(
        self, paper: Paper, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        owner = business_at()
        browser = sign_in(owner.user)
        browser.post(reverse("payment_method_change"))
        change = owner.card_changes.get()
        paper.leave_card(change.session_id)
        assert "Your card is saved" in browser.get(reverse("payment_method_saved"), follow=True).content.decode()
        method = CardOnFile.objects.get(registrant=owner).method
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(reverse("payment_method_remove"))
        assert not CardOnFile.objects.filter(registrant=owner).exists()
        assert paper.detached == [method]

    def test_a_page_that_ends_without_a_card_leaves_none(self, paper: Paper) -> None:
        owner = business_at()
        browser = sign_in(owner.user)
        browser.post(reverse("payment_method_change"))
        browser.get(reverse("payment_method_saved"))
        assert owner.card_changes.get().settled_at is None
        paper.expire(owner.card_changes.get().session_id)
        assert "Your card is saved" not in browser.get(reverse("payment_method_saved"), follow=True).text
        change = owner.card_changes.get()
        assert (change.saved, change.settled_at is None) == (False, False)
        assert not CardOnFile.objects.filter(registrant=owner).exists()

    def test_a_connection_that_costs_nothing_has_no_next_year_on_its_page(self) -> None:
        core = bought(order=paid(placed(drafted(things=((product(fee=0), 1),)))).order)
        text = page(sign_in(owner_of(core)), "device", core.pk)
        assert "Paid until" in text
        assert "Next year" not in text

    def test_what_a_return_brings_says_what_goes_back_of_a_later_year(self) -> None:
        core = bought()
        renewed(core)
        with on_day(core, 95):
            back = begun(core)
            text = page(sign_in(owner_of(core)), "return", back.pk)
        said = "For the unused whole months of a later year: You get $110.00 back to the card that you paid with."
        assert said in text

    def test_another_business_finds_nothing(self) -> None:
        order = waits_now()
        stranger = sign_in(business_at().user)
        for name, value in (
            ("order", order.number),
            ("order_purchase_order", order.number),
            ("order_pay", order.number),
            ("device_reconnect", order_core(order).pk),
        ):
            path = reverse(name, args=[value])
            answers = {stranger.get(path).status_code, stranger.post(path).status_code}
            assert answers <= {404, 405}, name

    def test_an_order_of_goods_is_not_paid_by_a_purchase_order_there(self) -> None:
        core = bought()
        page(sign_in(owner_of(core)), "order_purchase_order", of(core).line.order.number, status=404)


class TestClerks:
    """`/console/fulfilment/years/`, and the order."""

    def test_they_see_what_is_past_due_and_why(self, clerk_client: Client) -> None:
        assert "Every year is paid" in page(clerk_client, "years_owing")
        order = owed_now()
        text = page(clerk_client, "years_owing")
        assert order_core(order).serial in text
        assert "No card is kept for it." in text
        order_page = page(clerk_client, "fulfilment_order", order.number)
        assert "A further year of" in order_page
        assert "Pack a parcel" not in order_page

    def test_nothing_of_a_year_is_on_the_board(self, clerk_client: Client) -> None:
        order = renewed()
        assert order.number not in page(clerk_client, "fulfilment")

    def test_nobody_else_sees_it(self) -> None:
        for role in ("administrator", "business", "deputy"):
            assert sign_in(person(role)).get(reverse("years_owing")).status_code == 403


def test_who_leaves_is_charged_nothing_more_and_the_card_is_forgotten(paper: Paper) -> None:
    core = bought()
    order = announced(core)
    owner = of(core).registrant
    assert owner is not None
    assert any(name == "connections" for name in tables_of(owner))
    registrants.leave(registrant=owner, by=owner.user)
    order.refresh_from_db()
    assert (order.state, CardOnFile.objects.exists()) == ("cancelled", False)
    assert not Payment.objects.filter(order=order).exists()
