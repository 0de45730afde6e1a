"""Money on the pages of orders: what is still to be paid, what goes back, and where a check and a CORE go."""

from functools import partial

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.agency.selectors import read_anew, words
from fusus_portal.ground.notifications.channels.email_channel import Rendered, letter_of
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order
from shop.orders.presenters.money import note_of, paper_of
from shop.orders.services import orders as order_services
from shop.payments.gateway.answers import RefundStatus
from shop.payments.services import notices, refunds
from shop.returns.models import Return
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import begun, bought, by_check, owner_in
from tests.shop.warranty.claimed import late
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1, businesses=1, products=1)

NOW, BACK = "To be paid now", "You get $385.00 back to the card that you paid with."
CHECKS = {"payee": "Jefferson County Treasurer", "check_address": "716 Boulevard N, Birmingham, AL 35203"}
PARCELS = {"return_address": "2200 8th Avenue N, Birmingham, AL 35203"}


def letter(kind: MessageKind, about: Order | Return) -> Rendered:
    """Return a message as it is sent."""
    return letter_of(Message.objects.filter(kind=kind, subject_id=str(about.pk)).latest("queued_at"))


def main_of(page: str) -> str:
    """Return the main part of a page."""
    return page[page.index("<main") : page.index("</main>")]


def set_agency(**values: str) -> None:
    agency.change_agency(by=person("administrator"), revision=Agency.current().revision, **values)
    read_anew()


def page_of(order: Order, name: str = "order") -> str:
    return sign_in(buyer_of(order)).get(reverse(name, args=[order.number])).text


def on_account() -> Order:
    return order_services.approve_purchase_order(purchase_order=orders.submitted(), by=person("clerk")).order


class TestPaid:
    def test_an_order_that_is_paid_is_not_to_be_paid_now(self, clerk_client: Client) -> None:
        order = orders.order_at("paid")
        for page in (page_of(order), clerk_client.get(reverse("fulfilment_order", args=[order.number])).text):
            assert "Total" in page
            assert NOW not in page

    def test_one_that_waits_for_a_card_is(self) -> None:
        assert NOW in page_of(orders.order_at("awaiting_payment"))

    def test_one_with_a_purchase_order_is_paid_later(self, business: User) -> None:
        assert NOW not in page_of(on_account())
        assert NOW not in page_of(orders.order_at("awaiting_approval"))
        orders.drafted(owner=business_at(user=business))
        browser = sign_in(business)
        assert NOW in browser.get(reverse("checkout_card")).text
        page = browser.get(reverse("checkout_purchase_order")).text
        assert NOW not in page
        assert "get all your money back" not in page
        assert "owe nothing" in page


class TestCanceling:
    def test_an_unpaid_purchase_order_says_what_comes_off_its_invoice(self, clerk_client: Client) -> None:
        order = on_account()
        said = f"$385.00 comes off invoice {order.invoices.get().printed_number}."
        pages = [page_of(order), page_of(order, "order_cancel")]
        pages.append(clerk_client.get(reverse("fulfilment_cancel", args=[order.number])).text)
        pages.append(sign_in(buyer_of(order)).post(reverse("order_cancel", args=[order.number]), follow=True).text)
        pages.append(page_of(order))
        for page in pages:
            assert said in page
            assert "refund" not in main_of(page)
        assert said in letter(MessageKind.ORDER_CANCELED, order).text

    def test_the_buyer_reads_it_of_an_order_that_a_clerk_cancels_unpaid(self) -> None:
        order = orders.submitted().order
        order_services.cancel(order=order, by=person("clerk"))
        assert "we send nothing. You owe nothing." in letter(MessageKind.ORDER_CANCELED, order).text
        assert [each.kind for each in Message.objects.filter(subject_id=str(order.pk))] == [MessageKind.ORDER_CANCELED]

    def test_one_whose_money_went_back_before_has_its_mail_too(self) -> None:
        payment = orders.paid()
        orders.requested(payment, cents=payment.captured)
        order_services.cancel(order=payment.order, by=person("clerk"))
        assert letter(MessageKind.ORDER_CANCELED, payment.order)

    def test_of_a_paid_one_the_mail_of_the_refund_alone_tells(self) -> None:
        order = orders.paid().order
        order_services.cancel(order=order, by=person("clerk"))
        kinds = Message.objects.filter(subject_id=str(order.pk)).values_list("kind", flat=True)
        assert MessageKind.ORDER_REFUND in kinds
        assert MessageKind.ORDER_CANCELED not in kinds

    def test_one_that_is_paid_in_this_moment_has_one_mail_that_says_what_holds(self, paper: Paper) -> None:
        attempt = orders.opened()
        order = attempt.order
        paper.pay(attempt.session_id)
        done = sign_in(buyer_of(order)).post(reverse("order_cancel", args=[order.number]), follow=True).text
        assert [each.kind for each in Message.objects.filter(subject_id=str(order.pk))] == [MessageKind.ORDER_REFUND]
        text = letter(MessageKind.ORDER_REFUND, order).text
        assert "This order is canceled. Your payment of $385.00 reached us after the order had closed." in text
        for page in (done, page_of(order)):
            assert BACK in page
            assert "You owe nothing" not in page

    def test_one_whose_page_was_left_open_unpaid_has_its_mail(self) -> None:
        order = orders.opened().order
        order_services.cancel(order=order, by=buyer_of(order))
        assert [each.kind for each in Message.objects.filter(subject_id=str(order.pk))] == [MessageKind.ORDER_CANCELED]

    def test_what_is_sent_again_after_its_refund_failed_is_said_as_before(self, paper: Paper) -> None:
        payment = orders.paid()
        order = payment.order
        order_services.cancel(order=order, by=person("clerk"))
        assert BACK in page_of(order)
        paper.next_refund = RefundStatus.FAILED
        refunds.send_due()
        assert BACK in page_of(order)
        payment.refresh_from_db()
        again = orders.requested(payment, cents=payment.captured)
        refunds.submit(refund=again, by=person("administrator"))
        paper.next_refund = RefundStatus.SUCCEEDED
        refunds.send(pk=again.pk)
        page = page_of(order)
        assert BACK in page
        assert "$385.00 was refunded" in page
        assert "You owe nothing" not in page

    def test_one_whose_refund_failed_and_was_made_outside_says_so_too(self, paper: Paper) -> None:
        payment = orders.paid()
        order_services.cancel(order=payment.order, by=person("clerk"))
        paper.next_refund = RefundStatus.FAILED
        refunds.send_due()
        by_hand = paper.refund_by_hand(payment.gateway_id, payment.captured)
        notices.follow(kind="refund.created", object_id=by_hand.id)
        assert BACK in page_of(payment.order)

    def test_of_one_that_nobody_has_approved_nothing_is_owed(self, clerk_client: Client) -> None:
        order = orders.submitted().order
        cancel = clerk_client.get(reverse("fulfilment_cancel", args=[order.number])).text
        assert "The buyer owes nothing." in cancel
        for page in (page_of(order), page_of(order, "order_cancel")):
            assert "You owe nothing." in page
            assert "refund" not in main_of(page)

    def test_one_that_is_paid_in_part_is_said_in_one_sentence(self, clerk_client: Client) -> None:
        order = on_account()
        orders.check_payment(order, cents=10_000)
        invoice = order.invoices.get()
        said = f"$285.00 comes off invoice {invoice.printed_number}, and you get $100.00 back by check."
        assert said in page_of(order, "order_cancel")
        assert said in sign_in(buyer_of(order)).post(reverse("order_cancel", args=[order.number]), follow=True).text
        assert said in page_of(order)
        assert said in letter(MessageKind.ORDER_REFUND, order).text
        facts = dict(paper_of(invoice)["facts"])
        assert (facts["Paid by check"], facts["Left to pay"]) == ("$100.00", "$0.00")
        note = invoice.credit_notes.get()
        assert dict(note_of(note)["facts"])["The money"] == f"$285.00 comes off invoice {invoice.printed_number}"
        assert (
            f"$285.00 came off invoice {invoice.printed_number}"
            in clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
        )

    def test_what_was_paid_goes_back_and_that_is_said(self) -> None:
        order = orders.order_at("paid")
        assert BACK in page_of(order)
        assert BACK in page_of(order, "order_cancel")


class TestChecks:
    def pages(self, order: Order) -> list[str]:
        said, mail = paper_of(order.invoices.get()), letter(MessageKind.ORDER_CONFIRMED, order)
        sheet = render_to_string("shop/orders/own/invoice.html", {**said, "agency": words()})
        return [page_of(order), sheet, mail.text, mail.html]

    def test_the_office_is_payee_until_another_is_written_and_its_address_where_checks_go(self) -> None:
        name = escape(words()["name"])
        for page in self.pages(on_account()):
            assert f"Make the check out to {name}. Please call {words()['help_phone']}" in page.replace(
                words()["name"], name
            )
        set_agency(**PARCELS)
        for page in self.pages(on_account()):
            said = f"Make the check out to {name}, and send it to 2200 8th Avenue N"
            assert said in page.replace(words()["name"], name)

    def test_payee_and_address_stand_wherever_a_check_is_asked_for(self) -> None:
        set_agency(**CHECKS)
        for page in self.pages(on_account()):
            assert "Make the check out to Jefferson County Treasurer, and send it to 716 Boulevard N" in page

    def test_a_paid_order_names_no_check(self) -> None:
        order = orders.order_at("paid")
        for page in self.pages(order):
            assert "the check" not in page


class TestParcels:
    def test_until_it_is_known_where_a_core_goes_the_page_says_whom_to_call(self) -> None:
        back = begun()
        address = reverse("return", args=[back.pk])
        assert "to ask where the parcel goes" in sign_in(owner_in(back)).get(address).text

    def test_its_address_stands_on_the_page_and_in_the_mail(self) -> None:
        set_agency(**PARCELS)
        back = begun()
        page = sign_in(owner_in(back)).get(reverse("return", args=[back.pk])).text
        for said in (page, letter(MessageKind.RETURN_PROGRESS, back).text):
            assert "The parcel goes to 2200 8th Avenue N, Birmingham, AL 35203." in said

    def test_an_old_core_goes_there_too(self) -> None:
        set_agency(**PARCELS)
        claim = late(by_check(active=True))
        assert claim.registrant is not None
        page = sign_in(claim.registrant.user).get(reverse("warranty_claim", args=[claim.pk])).text
        assert "The parcel goes to 2200 8th Avenue N" in page


class TestConfirmed:
    """The first line of the mail says what the buyer has to do."""

    def test_who_has_paid_has_nothing_to_do(self) -> None:
        mail = letter(MessageKind.ORDER_CONFIRMED, orders.order_at("paid"))
        assert mail.text.splitlines()[0] == (
            "Thank you. You don't need to do anything: we pack your order and will write to you when it ships."
        )

    def test_who_owes_the_invoice_pays_by_check_by_its_day(self) -> None:
        order = on_account()
        due_on = order.invoices.get().due_on
        assert due_on is not None
        day = date_format(due_on, "DATE_FORMAT")
        assert letter(MessageKind.ORDER_CONFIRMED, order).text.splitlines()[0] == (
            f"Thank you. Please pay by check, by {day}. We pack your order and will write to you when it ships."
        )


def test_administrators_write_where_checks_and_cores_go(administrator_client: Client) -> None:
    page = administrator_client.get(reverse("agency_data")).text
    for label in ("Checks are made out to", "Checks are sent to", "COREs are sent back to"):
        assert label in page


def test_the_page_of_deductions_says_why_the_amount_falls_where_nothing_is_taken_off(client: Client) -> None:
    page = client.get(reverse("return_terms")).text
    assert "Nothing is deducted now." not in page
    assert "falls from month to month in the first year" in page
    assert bought()


def test_amounts_are_read_as_people_write_them() -> None:
    assert [dollars(cents) for cents in (0, 5, 38_500, 123_456_789, -250)] == [
        "$0.00",
        "$0.05",
        "$385.00",
        "$1,234,567.89",
        "-$2.50",
    ]
