"""Pieces that don't ship, connections that ended and checks to be written: pages and mails say the same of them."""

from functools import partial
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from shop.catalogue.money import dollars
from shop.catalogue.presenters import pieces
from shop.connections import selectors
from shop.connections.models import CardOnFile
from shop.connections.presenters import SubscriptionCard
from shop.connections.services import subscriptions
from shop.orders.models.invoices import CreditNote
from shop.orders.models.orders import Order
from shop.orders.presenters.money import due_words
from shop.orders.presenters.orders import OrderCard, choice_words, less_words, order_page
from shop.orders.selectors import orders as order_selectors
from shop.payments.models import Refund
from shop.payments.services import refunds
from shop.templatetags.shop import unbroken
from tests.factories import person
from tests.integration.cores.devices import owner_of
from tests.people import sign_in
from tests.shop.connections.renewed import of
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.orders.test_order_words import main_of
from tests.shop.parcels import parcels
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import begun, bought
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1, cores=1)


def page(order: Order, name: str = "order") -> str:
    return unescape(main_of(sign_in(buyer_of(order)).get(reverse(name, args=[order.number])).text))


def card_page(order: Order) -> str:
    return unescape(main_of(sign_in(buyer_of(order)).get(reverse("payment_method")).text))


def mail(order: Order) -> str:
    found = Message.objects.filter(kind=MessageKind.ORDER_REFUND, subject_id=str(order.pk))
    return letter_of(found.latest("queued_at")).text


def next_text(order: Order) -> str:
    return order_page(order_selectors.one(order.number), buyer_of(order)).next_text


def test_a_buyer_who_paid_reads_what_does_not_ship_and_why() -> None:
    order = parcels.bought(accessories=4)
    line = order.lines.get(kind="accessory")
    assert "does not ship any more" not in page(order)
    refund = orders.sent_back(orders.refunded(line, cents=line.total // 2))
    said = less_words(line, 2)
    assert f"- {line.local_name}: $55.00. {said}" in mail(order)
    assert "Not wanted any more" in mail(order)
    assert said in page(order)
    assert refund.state == "succeeded"


def test_what_was_sent_is_not_said_to_ship_no_more() -> None:
    order = parcels.bought(accessories=2)
    parcels.handed_over(parcels.labelled(parcels.packed(order)))
    orders.sent_back(orders.refunded(order.lines.get(kind="accessory")))
    for text in (mail(order), page(order)):
        assert "does not ship any more" not in text


def test_each_piece_that_does_not_ship_any_more_is_named_by_one_refund() -> None:
    order = parcels.bought(cores=0, accessories=2)
    parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
    line = order.lines.get()
    said = less_words(line, 1)
    refund_of_unsent = orders.refunded(line, cents=line.total // 2)
    line.refresh_from_db()
    refund_of_sent = orders.refunded(line, cents=line.total - line.held)
    orders.sent_back(refund_of_sent)
    assert "does not ship any more" not in mail(order)
    orders.sent_back(refund_of_unsent)
    assert said in mail(order)
    assert said in page(order)


def test_what_comes_off_and_what_is_refunded_at_once_each_name_their_own_pieces() -> None:
    things = ((orders.product(kind="accessory", cents=2_500), 2),)
    order = parcels.approved(orders.submitted(orders.drafted(things=things)))
    line = order.lines.get()
    orders.check_payment(order, cents=line.total // 2)
    amounts, key = {line.pk: line.total}, uuid4()
    _split, refund = refunds.give(order=order, by=person(Role.CLERK), amounts=amounts, reason="Not wanted", key=key)
    assert refund is not None
    said = less_words(line, 1)
    assert said in mail(order)
    by = person(Role.CLERK)
    refunds.pay_out(refund=refunds.submit(refund=refund, by=by), by=by, check_number="1042")
    assert "The check has the number 1042." in mail(order)
    assert said in mail(order)
    assert less_words(line, 2) in page(order)


def test_a_kept_card_goes_with_the_last_core_that_a_clerk_refunds(
    paper: Paper, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order = orders.paid(orders.placed(orders.drafted(things=((orders.product(), 2),)))).order
    line, kept = order.lines.get(), CardOnFile.objects.filter(registrant=order.registrant)
    method = kept.get().method
    orders.sent_back(orders.refunded(line, cents=line.total // 2))
    assert "no longer kept" not in mail(order)
    refund = orders.refunded(line, cents=line.total - line.total // 2)
    # Until it is paid out, a clerk may ship the CORE after all.
    assert kept.exists()
    with django_capture_on_commit_callbacks(execute=True):
        orders.sent_back(refund)
    assert not kept.exists()
    assert paper.detached == [method]
    assert AuditEntry.objects.filter(event=Event.CARD_REMOVED, subject_id=str(order.registrant_id)).count() == 1
    assert "Your card is no longer kept." in mail(order)
    assert "No card is kept, so nothing is charged automatically." in card_page(order)


def test_months_that_come_off_an_invoice_are_told_by_a_mail() -> None:
    order = orders.order_at("on_account")
    core = bought(order=order)
    subscriptions.cancel_now(core=core, by=owner_of(core))
    note, text = CreditNote.objects.get(), mail(order)
    invoice = f"invoice {note.invoice.printed_number}"
    for part in (
        f"{dollars(note.total)} comes off {invoice}",
        "Unused whole months of the fee",
        f"Credit note {note.printed_number}",
        f"The connection of CORE {core.serial} ended on {date_format(timezone.localdate())}.",
        due_words(Order.objects.get(pk=order.pk)),
    ):
        assert part in text
    assert Message.objects.filter(kind=MessageKind.ORDER_REFUND).count() == 1


def test_what_a_clerk_still_decides_on_is_not_said_to_be_dropped() -> None:
    order = parcels.bought(accessories=2)
    orders.failed(orders.refunded(order.lines.get(kind="accessory")))
    assert "does not ship any more" not in page(order)


def test_a_kept_card_pays_for_no_core_that_does_not_ship() -> None:
    order = orders.paid(orders.placed(orders.drafted(things=((orders.product(), 2),)))).order
    line = order.lines.get()
    assert "Your card pays $300.00 plus sales tax" in card_page(order)
    orders.sent_back(orders.refunded(line, cents=line.total // 2))
    for text in (page(order), card_page(order)):
        assert "Your card pays $150.00 plus sales tax" in text
    orders.sent_back(orders.refunded(line, cents=line.total - line.total // 2))
    order = order_selectors.one(order.number)
    assert selectors.is_order_over(order)
    assert "Later years" not in page(order)
    assert order.number not in card_page(order)


def test_a_kept_card_pays_for_no_core_that_is_coming_back() -> None:
    core = bought()
    order = of(core).line.order
    assert core.serial in selectors.card_pays_words(CardOnFile.objects.get())
    begun(core)
    assert "Your card pays nothing now." in card_page(order)
    assert "Later years" not in page(order)
    # The owner may keep the CORE after all, so the card stays.
    assert not selectors.is_order_over(order)


def test_only_who_has_a_core_reads_that_it_is_activated_and_returned() -> None:
    order = parcels.bought(cores=0, accessories=2)
    parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=1)))
    assert "CORE" not in choice_words(order_selectors.one(order.number))
    parcels.handed_over(parcels.labelled(parcels.packed(order_selectors.one(order.number), pieces=1)))
    assert next_text(order) == "Next: the parcel arrives. Then press “It arrived” here."
    assert "CORE" not in page(order)
    with_core = parcels.bought()
    parcels.handed_over(parcels.labelled(parcels.packed(with_core)))
    assert "activate the CORE" in next_text(with_core)
    assert "You can return a CORE at any time." in page(with_core)


def test_the_checkout_of_accessories_offers_no_return_of_a_core() -> None:
    draft = orders.drafted(things=((orders.product(kind="accessory", cents=2_500), 1),))
    shown = sign_in(buyer_of(draft)).get(reverse("checkout_card")).text
    assert "You can return a CORE" not in shown


def test_an_end_at_once_is_said_with_its_day_its_reason_and_its_card(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    core = bought()
    order = of(core).line.order
    with django_capture_on_commit_callbacks(execute=True):
        subscriptions.cancel_now(core=core, by=owner_of(core))
        refunds.send_due()
    today = date_format(timezone.localdate())
    facts = dict(SubscriptionCard(of(core)).facts)
    assert facts == {"Connected until": today}
    assert "Later years" not in page(order)
    assert not CardOnFile.objects.exists()
    for part in (
        "Unused part of the yearly fee",
        f"The connection of CORE {core.serial} ended on {today}. Your card is no longer kept.",
    ):
        assert part in mail(order)


def test_the_months_come_before_the_money() -> None:
    card = SubscriptionCard(of(bought()))
    assert card.now_words.startswith("For the whole months that you have not used: You get $")


def test_the_page_after_the_payment_says_what_was_ticked() -> None:
    attempt = orders.opened()
    shown = page(attempt.order, "order_paid")
    assert f"You ticked “{attempt.keeps}” You can change that on the page of your order." in shown


def test_a_refund_by_check_is_to_be_written_and_then_written(clerk_client: Client) -> None:
    payment = orders.check_payment()
    order = payment.order
    refund = orders.requested(payment)
    sent = clerk_client.post(reverse("refund_send", args=[refund.pk]), follow=True).text
    assert "The refund is by check, to be written." in sent
    clerk_page = clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
    for text in (page(order), clerk_page):
        assert "A refund of $100.00, by check, to be written" in text
        assert "is on its way" not in text
    refunds.pay_out(refund=Refund.objects.get(), by=person(Role.CLERK), check_number="1042")
    assert "A refund of $100.00, by check 1042, written" in page(order)
    assert "The check has the number 1042." in mail(order)


def test_what_nobody_paid_is_taken_off_and_what_is_off_is_no_field(clerk_client: Client) -> None:
    things = ((orders.product(), 1), (orders.product(kind="accessory", cents=2_500), 1))
    order = parcels.approved(orders.submitted(orders.drafted(things=things)))
    accessory, core = order.lines.get(kind="accessory"), order.lines.get(kind="core")
    amounts = {accessory.pk: accessory.total}
    refunds.give(order=order, by=person(Role.CLERK), amounts=amounts, reason="Not wanted", key=uuid4())
    shown = main_of(clerk_client.get(reverse("order_refund", args=[order.number])).text)
    assert "can still come off the invoice" in shown
    for words in ("Give money back", "Refund", "can still go back", "$0.00"):
        assert words not in shown
    assert f'name="{core.pk}"' in shown
    assert f'name="{accessory.pk}"' not in shown
    late = {str(accessory.pk): "1.00", "reason": "Late", "key": str(uuid4())}
    refused = clerk_client.post(reverse("order_refund", args=[order.number]), late)
    assert "at most $0.00 can still go back" in unescape(refused.text)
    order_shown = main_of(clerk_client.get(reverse("fulfilment_order", args=[order.number])).text)
    assert "Take it off the invoice" in order_shown
    assert "Give money back" not in order_shown


def test_the_clerk_reads_what_an_open_return_takes_off(clerk_client: Client) -> None:
    order = orders.order_at("on_account")
    core = bought(order=order)
    back = begun(core)
    shown = clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
    assert f"When return {back.number} is done: " in shown


def test_lines_keep_their_order() -> None:
    order = parcels.bought(accessories=3)
    lines = list(order.lines.order_by("position"))
    wanted = OrderCard(order).words
    order.__dict__["_prefetched_objects_cache"] = {"lines": lines[::-1]}
    assert OrderCard(order).words == wanted == f"{pieces(1, lines[0].local_name)}, {pieces(3, lines[1].local_name)}"


def test_a_clerk_comes_from_a_waiting_order_to_its_review(clerk_client: Client) -> None:
    waiting = orders.submitted()
    shown = clerk_client.get(reverse("fulfilment_order", args=[waiting.order.number])).text
    assert reverse("purchase_order", args=[waiting.pk]) in main_of(shown)


def test_a_canceled_connection_can_only_be_ended_at_once_or_kept() -> None:
    core = bought()
    subscriptions.cancel_with_year(core=core, by=owner_of(core))
    shown = main_of(sign_in(owner_of(core)).get(reverse("device", args=[core.pk])).text)
    assert "End it at once" in shown


def test_a_number_does_not_break_at_its_hyphen() -> None:
    assert unbroken("<b> INV-000005") == '&lt;b&gt; <span class="nowrap">INV-000005</span>'
