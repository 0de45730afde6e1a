"""A CORE whose purchase order nobody paid: what comes off the invoice, on each page and mail, and no refund."""

import re
from datetime import timedelta
from importlib import import_module
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import Core
from shop.connections.selectors import splits_of
from shop.connections.services import subscriptions
from shop.orders.models.invoices import CreditLine, CreditNote
from shop.orders.models.orders import Order, OrderLine
from shop.orders.presenters.money import to_buyer, to_clerk
from shop.orders.selectors.money import Split, owed_of, split_of
from shop.payments.models import Refund
from shop.returns import services
from shop.returns.models import Return
from shop.returns.selectors import split_of_return
from tests.factories import person
from tests.integration.cores.devices import owner_of
from tests.people import sign_in
from tests.shop.connections.renewed import of
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns.returned import accepted, begun, core_of, owner_in, published, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def unpaid(*, cents: int = 0) -> Core:
    """Return a CORE at work whose order is on account. cents: what of it came by check."""
    published()
    order = orders.order_at("on_account")
    if cents:
        orders.check_payment(order, cents=cents)
    return core_of(order)


def page(browser: Client, name: str, *values: object) -> str:
    text = browser.get(reverse(name, args=values)).text
    main = text[text.index("<main") : text.index("</main>")]
    return re.sub(r'<span class="nowrap">([^<]*)</span>', r"\1", main)


def mail(back: Return) -> str:
    """Return the last mail about a return, subject and text."""
    message = Message.objects.filter(kind=MessageKind.RETURN_PROGRESS, subject_id=str(back.pk)).latest("queued_at")
    sent = letter_of(message)
    return f"{sent.subject} {sent.text}"


def test_each_page_and_mail_of_its_return_says_what_comes_off(clerk_client: Client) -> None:
    core = unpaid()
    browser = sign_in(owner_of(core))
    invoice = Order.objects.get().invoices.get().printed_number
    order = page(browser, "order", Order.objects.get().number)
    assert "Later years" in order
    asked = page(browser, "device_return", core.pk)
    back = begun(core)
    said = f"comes off invoice {invoice}"
    assert said not in order
    texts = [asked, page(browser, "return", back.pk), mail(back)]
    money = to_buyer(split_of_return(back))
    order = page(browser, "order", back.order.number)
    assert f"When return {back.number} is done: {money}." in order
    assert "Later years" not in order
    texts.append(mail(received(back)))
    back = accepted(Return.objects.get(pk=back.pk))
    texts += [page(browser, "return", back.pk), mail(back), page(clerk_client, "return_pay", back.pk)]
    assert [said in text or "comes off your invoice" in text for text in texts] == [True] * len(texts)
    services.pay_return(back=back, by=person("clerk"))
    done = page(browser, "return", back.pk)
    texts.append(done)
    assert said in done
    assert "Off the invoice" in done
    assert "is done:" not in page(browser, "order", back.order.number)
    assert not Refund.objects.exists()
    for text in texts:
        assert "refund" not in text
        assert "get your money back" not in text
        assert "You get" not in text


def test_one_that_is_paid_in_part_is_said_in_one_sentence() -> None:
    core = unpaid(cents=10_000)
    back = begun(core)
    split = split_of_return(back)
    assert (split.off + split.back, split.off, split.to_card) == (back.expected, 28_500, 0)
    said = to_buyer(split)
    browser = sign_in(owner_in(back))
    assert said in page(browser, "return", back.pk)
    assert said in mail(back)
    back = services.pay_return(back=accepted(received(back)), by=person("clerk"))
    assert to_buyer(split_of_return(back)) == said
    assert said in page(browser, "return", back.pk)
    assert (back.credited, Refund.objects.get().cents) == (split.off, split.by_check)


class TestTwo:
    """Two COREs of one order on account come back at once. A check for a part of it came."""

    @pytest.fixture
    def backs(self) -> list[Return]:
        published()
        ordered = parcels.approved(orders.submitted(orders.drafted(things=((orders.product(), 2),))))
        orders.check_payment(ordered, cents=10_000)
        shipment = parcels.handed_over(parcels.labelled(parcels.packed(ordered)))
        return [begun(item.core) for item in shipment.items.order_by("packed_at") if item.core]

    def test_before_one_of_them_arrives_no_page_says_how_each_is_divided(self, backs: list[Return]) -> None:
        number = backs[0].order.invoices.get().printed_number
        splits = [split_of_return(back) for back in backs]
        assert [(split.undivided, split.off, split.back) for split in splits] == [(38_500, 0, 0)] * 2
        said = f"$385.00 comes off invoice {number} first, and what you paid beyond that comes back to you"
        browser = sign_in(owner_in(backs[0]))
        order = page(browser, "order", backs[0].order.number)
        for back in backs:
            assert f"When return {back.number} is done: {said}." in order
            assert said in page(browser, "return", back.pk)
            assert said in mail(back)
            received(back)
            assert f"{said}. We do that by" in mail(back)

    def test_the_one_that_arrives_first_comes_off_first_also_if_it_was_asked_for_last(
        self, backs: list[Return]
    ) -> None:
        first, second = backs
        accepted(received(second))
        second.refresh_from_db()
        splits = [split_of_return(back) for back in backs]
        assert [(split.off, split.back) for split in splits] == [(28_500, 10_000), (38_500, 0)]
        assert sum(split.off for split in splits) == owed_of(first.order)
        for each in (first, second):
            assert to_buyer(split_of_return(each)) in page(sign_in(owner_in(each)), "return", each.pk)
        services.pay_return(back=accepted(received(first)), by=person("clerk"))
        split = split_of_return(Return.objects.get(pk=second.pk))
        assert (split.off, split.back, split.left) == (38_500, 0, 0)
        paid = services.pay_return(back=second, by=person("clerk"))
        assert (paid.credited, Refund.objects.filter(of_return=paid).count()) == (38_500, 0)
        assert owed_of(Order.objects.get()) == 0

    def test_one_that_is_decided_leaves_what_an_earlier_parcel_takes_off(self, backs: list[Return]) -> None:
        first, second = backs
        received(first)
        back = accepted(received(second))
        assert (back.off, split_of_return(back).back) == (28_500, 10_000)
        said = to_buyer(split_of_return(back))
        services.undo_parcel(back=first, by=person("clerk"), reason="Another parcel")
        assert to_buyer(split_of_return(back)) == said
        back = services.pay_return(back=back, by=person("clerk"))
        assert (back.credited, Refund.objects.get().cents) == (28_500, 10_000)

    def test_of_the_only_one_that_is_open_the_parts_are_said(self, backs: list[Return]) -> None:
        first, second = backs
        services.withdraw_return(back=first, by=owner_in(first), premises=parcels.place_of(first.order))
        assert (split_of_return(second).off, split_of_return(second).undivided) == (38_500, 0)

    def test_the_page_of_one_that_is_done_says_what_of_the_invoice_is_left(
        self, backs: list[Return], clerk_client: Client
    ) -> None:
        first, second = backs
        services.pay_return(back=accepted(received(first)), by=person("clerk"))
        left = f"$285.00 of invoice {first.order.invoices.get().printed_number} is left to pay."
        texts = [page(sign_in(owner_in(first)), "return", first.pk), page(clerk_client, "return_case", first.pk)]
        for text in texts:
            assert left in text
            assert "Nothing is left to do." not in text
        services.pay_return(back=accepted(received(second)), by=person("clerk"))
        text = page(sign_in(owner_in(first)), "return", first.pk)
        assert "It is off your invoice. Nothing is left to do." in text


def test_its_page_says_until_when_it_is_connected_and_what_is_not_paid() -> None:
    core = unpaid()
    browser = sign_in(owner_of(core))
    for text in (page(browser, "device", core.pk), page(browser, "orders"), page(browser, "device_cancel", core.pk)):
        assert "aid until" not in text
        assert "not paid yet" in text
    assert "To be paid by" in page(browser, "device", core.pk)
    orders.check_payment(Order.objects.get())
    assert "It is paid until" in page(browser, "device", core.pk)


def test_ending_it_takes_off_what_the_page_said() -> None:
    core = unpaid()
    browser = sign_in(owner_of(core))
    [split] = splits_of(of(core))
    assert (split.off, split.back) == (15_125, 0)
    assert to_buyer(split) in page(browser, "device_cancel", core.pk)
    assert "you get" not in page(browser, "device_cancel", core.pk).lower()
    answer = browser.post(reverse("device_cancel", args=[core.pk]), {"when": "now"}, follow=True).text
    assert to_buyer(split) in answer
    order = Order.objects.get()
    assert sum(note.total for note in order.invoices.get().credit_notes.all()) == split.off
    assert split_of(order).off == order.total - split.off


def test_canceling_ends_at_once_with_nothing_left_to_give_back() -> None:
    core = unpaid()
    subscriptions.cancel_now(core=core, by=owner_of(core))
    assert splits_of(of(core)) == []


@pytest.mark.parametrize(
    ("split", "buyer", "clerk"),
    [
        (Split(), "You owe nothing", "The buyer owes nothing"),
        (Split(off=100, invoice="INV-1"), "$1.00 comes off invoice INV-1", "$1.00 comes off invoice INV-1"),
        (
            Split(off=100, left=50, invoice="INV-1"),
            "$1.00 comes off invoice INV-1, and $0.50 of it is left to pay",
            "$1.00 comes off invoice INV-1, and $0.50 of it is left to pay",
        ),
        (
            Split(to_card=100),
            "You get $1.00 back to the card that you paid with",
            "$1.00 goes back to Acme, to the card that it was paid with",
        ),
        (Split(by_check=100), "You get $1.00 back by check", "$1.00 goes back to Acme, by check"),
        (
            Split(to_card=100, by_check=100),
            "You get $2.00 back the way you paid",
            "$2.00 goes back to Acme, the way it was paid",
        ),
        (
            Split(off=100, by_check=100, invoice="INV-1"),
            "$1.00 comes off invoice INV-1, and you get $1.00 back by check",
            "$1.00 comes off invoice INV-1, and $1.00 goes back to Acme, by check",
        ),
    ],
)
def test_what_becomes_of_an_amount(split: Split, buyer: str, clerk: str) -> None:
    assert to_buyer(split) == buyer
    assert to_clerk(split, "Acme" if split.back else "") == clerk


def come_off(core: Core, *, is_fee: bool) -> None:
    """Let the unused fee of an unpaid CORE come off its invoice, or a return of the CORE."""
    if is_fee:
        subscriptions.cancel_now(core=core, by=owner_of(core))
    else:
        services.pay_return(back=accepted(received(begun(core))), by=person("clerk"))


@pytest.mark.parametrize("is_fee", [True, False])
def test_what_comes_off_for_a_return_or_a_fee_counts_for_its_line(is_fee: bool) -> None:
    come_off(unpaid(), is_fee=is_fee)
    note = CreditNote.objects.get()
    assert note.total == OrderLine.objects.get().held == CreditLine.objects.get(note=note).cents > 0


@pytest.mark.parametrize("is_fee", [True, False])
def test_the_upgrade_counts_what_came_off_before(is_fee: bool) -> None:
    core = unpaid()
    with patch.object(CreditLine.objects, "create"):
        come_off(core, is_fee=is_fee)
    assert OrderLine.objects.get().held == 0
    with connection.cursor() as cursor:
        cursor.execute(import_module("shop.migrations.0015_off_by_clerks_kept").BEFORE)
    assert OrderLine.objects.get().held == CreditNote.objects.get().total


def test_the_upgrade_tells_two_lines_of_one_order_apart() -> None:
    published()
    things = ((orders.product(), 1), (orders.product(), 1))
    order = parcels.approved(orders.submitted(orders.drafted(things=things)))
    first, second = order.lines.order_by("position")
    kept, ended = (core_of(order, line=line) for line in (first, second))
    soon = timezone.now() + timedelta(hours=1)
    with patch.object(CreditLine.objects, "create"):
        for core, when in ((ended, soon), (kept, soon + timedelta(hours=1))):
            with time_machine.travel(when):
                come_off(core, is_fee=True)
    with connection.cursor() as cursor:
        cursor.execute(import_module("shop.migrations.0015_off_by_clerks_kept").BEFORE)
    notes = CreditNote.objects.order_by("number")
    assert [note.lines.get().line for note in notes] == [second, first]
