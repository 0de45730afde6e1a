"""A business that leaves: what is not shipped is paid back, and its books stay without it."""

from functools import partial

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from audit import hooks
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from registry.people.selectors import holdings_of
from registry.people.services import registrants
from registry.places.hooks import tables_of
from registry.registrants.models import Registrant
from shop.catalogue import files
from shop.catalogue.models import Stock
from shop.connections.extensions import kept_orders
from shop.connections.models import CardOnFile
from shop.connections.services import cards
from shop.orders.extensions import order_called
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Cart, ExemptionCertificate, Order
from shop.orders.services import orders as order_services
from shop.orders.services.orders import cancel
from shop.orders.states import OrderState
from shop.payments.models import Payment, Refund
from shop.payments.services import payments, refunds
from shop.payments.states import AttemptState
from shop.rules import BOOKS_KEPT
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders import orders
from tests.shop.payments.paper import Paper
from tests.shop.returns import returned
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)


def leave(owner: Registrant) -> None:
    registrants.leave(registrant=owner, by=owner.user)


def owner_of(order: Order) -> Registrant:
    assert order.registrant is not None
    return order.registrant


def test_who_leaves_is_paid_back_and_the_books_stay_with_their_name(paper: Paper) -> None:
    payment = orders.paid()
    owner = owner_of(payment.order)
    leave(owner)
    order = Order.objects.get()
    assert (order.registrant, order.party, order.state) == (None, owner.name, OrderState.CANCELLED)
    assert order.ship_street == "600 20th Street North"
    refunds.send_due()
    refund = Refund.objects.get()
    assert paper.refunded(payment.gateway_id) == refund.cents == payment.captured
    assert Invoice.objects.get().party == owner.name
    assert Stock.objects.get().reserved == 0


def test_carts_drafts_and_unused_certificates_go(django_capture_on_commit_callbacks: object, paper: Paper) -> None:
    owner = business_at()
    orders.drafted(owner=owner)
    unused = orders.certificate(owner, approved=False)
    assert orders.read(unused.paper) == orders.PDF
    assert Cart.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        leave(owner)
    assert not Cart.objects.exists()
    assert not Order.objects.exists()
    assert not ExemptionCertificate.objects.exists()
    with pytest.raises(Http404):
        files.open_paper(unused.paper)


def test_the_card_of_somebody_who_leaves_is_deleted_with_an_entry() -> None:
    service, owner = orders.gateway(), business_at()
    change = cards.begin_change(registrant=owner, by=owner.user, return_to=orders.BACK)
    service.leave_card(change.session_id)
    cards.settle_change(change=change)
    assert CardOnFile.objects.exists()
    leave(owner)
    assert not CardOnFile.objects.exists()
    entry = AuditEntry.objects.get(event=Event.CARD_REMOVED)
    assert (entry.subject_kind, entry.subject_id) == owner.subject


def test_a_payment_that_is_processed_while_somebody_leaves_goes_back_when_it_comes(paper: Paper) -> None:
    attempt = orders.opened()
    paper.process(attempt.session_id)
    payments.settle(attempt=attempt)
    leave(owner_of(attempt.order))
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.PROCESSING
    paper.pay(attempt.session_id)
    payments.settle(attempt=attempt)
    refunds.send_due()
    payment = Payment.objects.get()
    assert payment.held == payment.captured == paper.refunded(payment.gateway_id)
    assert not CardOnFile.objects.exists()


def test_the_receipt_says_how_many_orders_stay_and_until_when(paper: Paper) -> None:
    order = orders.order_at(OrderState.PAID)
    [kept] = holdings_of(owner_of(order)).others
    assert order.placed_at is not None
    assert (kept.number, kept.until) == (1, order.placed_at + BOOKS_KEPT)
    assert "tax law" in kept_orders(1)
    assert kept_orders(2).startswith("2 orders")
    assert holdings_of(business_at()).others == ()


def test_a_businesss_own_data_holds_its_orders(paper: Paper) -> None:
    order = orders.order_at(OrderState.PAID)
    tables = tables_of(owner_of(order))
    assert tables["orders"][0]["number"] == order.number
    assert tables["order_lines"][0]["unit_cents"] == orders.PRICE


def test_an_auditor_finds_an_order_by_its_number(paper: Paper) -> None:
    refund = orders.refund_at("succeeded")
    order = refund.payment.order
    [meaning] = order_called(f" {order.number.lower()} ")
    kinds = [kind for kind, _id in meaning.subjects]
    assert kinds == ["order", "payment_attempt", "payment", "invoice", "credit_note", "refund"]
    assert hooks.names("order", [str(order.pk), "visitor"]) == {str(order.pk): order.number}


def test_buyers_are_written_to(paper: Paper) -> None:
    attempt = orders.opened()
    paper.pay(attempt.session_id)
    payments.settle(attempt=attempt)
    message = Message.objects.get(kind=MessageKind.ORDER_CONFIRMED)
    confirmed = kind_of(message.kind).build(message.context)
    assert (confirmed["total"], confirmed["invoice"], confirmed["due_on"]) == ("$385.00", "INV-000001", None)
    assert "$150.00" in str(confirmed["consent"])
    waiting = orders.submitted()
    order_services.decline_purchase_order(purchase_order=waiting, by=person("clerk"), reason="Not signed")
    declined = Message.objects.get(kind=MessageKind.ORDER_REFUSED)
    assert kind_of(declined.kind).build(declined.context)["reason"] == "Not signed"
    late = orders.opened()
    cancel(order=late.order, by=orders.buyer_of(late.order))
    paper.pay(late.session_id)
    payments.settle(attempt=late)
    told = kind_of("order_refund").build(Message.objects.get(kind=MessageKind.ORDER_REFUND).context)
    assert (told["amount"], told["source"]) == ("$385.00", "late")


def test_a_return_whose_money_waits_bears_the_name_of_its_business_after_it_has_left(clerk_client: Client) -> None:
    back = returned.accepted()
    owner = back.registrant
    assert owner is not None
    Registrant.objects.filter(pk=owner.pk).update(name="Acme Tools")
    page, lists = reverse("return_pay", args=[back.pk]), [reverse("refunds_waiting"), reverse("returns_board")]
    assert "Acme Tools" in clerk_client.get(page).text
    leave(owner)
    assert back.order.party in clerk_client.get(page).text
    for each in lists:
        said = clerk_client.get(each).text
        assert back.number in said
        assert back.order.party not in said
