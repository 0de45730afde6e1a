"""Money of an order on account that a clerk gives back: the unpaid part comes off the invoice, the rest is refunded."""

from functools import partial
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.models import Message
from registry.registrants.models import Registrant
from shop.catalogue.models import Product, Stock
from shop.catalogue.money import dollars
from shop.orders.models.invoices import CreditLine, CreditNote
from shop.orders.models.orders import Order, OrderLine
from shop.orders.presenters.money import due_words, to_clerk
from shop.orders.presenters.orders import less_words, state_words
from shop.orders.selectors import orders as order_selectors
from shop.orders.selectors.money import Split, owed_of, split_of, undivided_split
from shop.orders.services import invoices, orders as order_services
from shop.parcels import selectors, services
from shop.payments.forms import RefundForm
from shop.payments.models import Refund, RefundSource
from shop.payments.selectors import given_alone, giving_of
from shop.payments.services import refunds
from tests.factories import person
from tests.shop.orders import orders
from tests.shop.orders.test_order_words import main_of
from tests.shop.parcels import parcels
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)


def on_account(*, cores: int = 1, sent: int = 0) -> Order:
    """Return an order of COREs on account. sent: how many a carrier has."""
    order = parcels.approved(orders.submitted(orders.drafted(things=((orders.product(), cores),))))
    if sent:
        parcels.handed_over(parcels.labelled(parcels.packed(order, pieces=sent)))
        order.refresh_from_db()
    return order


def give(order: Order, cents: int, *, by: User | None = None, key: UUID | None = None) -> tuple[Split, Refund | None]:
    line = order.lines.get()
    amounts, who = {line.pk: cents}, by or person(Role.CLERK)
    return refunds.give(order=order, by=who, amounts=amounts, reason="Not wanted any more", key=key or uuid4())


def test_what_nobody_paid_of_unsent_goods_comes_off_and_the_order_is_shipped() -> None:
    order = on_account(cores=2, sent=1)
    line = order.lines.get()
    split, refund = give(order, line.total // 2)
    order.refresh_from_db()
    assert (split.off, split.back, refund, owed_of(order)) == (38_500, 0, None, 38_500)
    assert (order.state, selectors.to_pack(order)) == ("shipped", [])
    assert Stock.objects.get(product=line.product).reserved == 0
    assert (OrderLine.objects.get().held, OrderLine.objects.get().refunded) == (38_500, 1)


def test_of_a_half_paid_order_the_rest_goes_back() -> None:
    order = on_account(cores=2, sent=1)
    orders.check_payment(order, cents=57_000)
    split, refund = give(order, 38_500)
    assert (split.off, split.back) == (20_000, 18_500)
    assert refund is not None
    assert (refund.cents, owed_of(order)) == (18_500, 0)


def test_the_page_says_before_and_after_where_it_goes(clerk_client: Client) -> None:
    order = on_account(cores=2, sent=1)
    address, line = reverse("order_refund", args=[order.number]), order.lines.get()
    assert address in clerk_client.get(reverse("fulfilment_order", args=[order.number])).text
    said = f"{to_clerk(split_of(order, 38_500), order.party)}."
    written = {str(line.pk): "385.00", "reason": "Not wanted any more", "key": uuid4()}
    look = unescape(main_of(clerk_client.post(address, written).text))
    assert said in look
    assert f"This does not ship any more: 1 × {line.name}." in look  # noqa: RUF001
    assert "Take it off the invoice" in look
    for _press in range(2):
        page = unescape(main_of(clerk_client.post(address, {**written, "step": "save"}, follow=True).text))
        assert said in page or "It is done already." in page
    assert CreditNote.objects.get().total == 38_500


def test_a_second_press_takes_nothing_more_off() -> None:
    order, key, clerk = on_account(cores=2), uuid4(), person(Role.CLERK)
    give(order, 38_500, key=key, by=clerk)
    assert give(order, 38_500, key=key, by=clerk) == (Split(), None)
    assert CreditNote.objects.get().total == 38_500


def test_of_what_is_sent_one_person_takes_no_more_off_than_one_person_refunds() -> None:
    order, clerk = on_account(sent=1), person(Role.CLERK)
    with pytest.raises(ValidationError, match=r"One person alone takes off at most \$300\.00"):
        give(order, 38_500, by=clerk)
    give(order, 20_000, by=clerk)
    assert given_alone(clerk, order).to_buyer == 20_000
    with pytest.raises(ValidationError):
        give(order, 10_001, by=clerk)


def test_the_database_holds_that_bound_too(monkeypatch: pytest.MonkeyPatch) -> None:
    order = on_account(sent=1)
    monkeypatch.setattr("shop.payments.policies.check_alone", lambda **_given: None)
    with connection.cursor() as cursor:
        give(order, 38_500)
        with pytest.raises(IntegrityError, match="no more than the bound"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)


def test_a_parcel_that_was_lost_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    order, clerk = on_account(sent=1), person(Role.CLERK)
    services.lose_parcel(shipment=order.shipments.get(), by=clerk)
    order.refresh_from_db()
    with pytest.raises(ValidationError, match=r"One person alone takes off at most \$300\.00"):
        give(order, 38_500, by=clerk)
    monkeypatch.setattr("shop.payments.selectors.never_sent_of", order_selectors.unsent_of)
    with connection.cursor() as cursor:
        give(order, 38_500, by=clerk)
        with pytest.raises(IntegrityError, match="shared over lines to the cent"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)


def test_what_was_unpacked_before_its_parcel_left_was_not_sent() -> None:
    order, clerk = on_account(cores=2), person(Role.CLERK)
    parcel = parcels.packed(order)
    services.take_out_item(item=parcel.items.earliest("pk"), by=clerk)
    parcels.handed_over(parcels.labelled(parcel))
    order.refresh_from_db()
    give(order, 38_500, by=clerk)
    assert (CreditNote.objects.get().alone, OrderLine.objects.get().refunded) == (0, 1)


def test_all_of_an_order_that_was_not_sent_comes_off_and_its_state_says_so() -> None:
    order = on_account()
    give(order, order.total)
    order = Order.objects.get(pk=order.pk)
    assert (state_words(order), owed_of(order), selectors.to_send()) == ("Off the invoice", 0, [])


def test_services_that_are_done_can_be_given_back_as_their_page_says(clerk_client: Client) -> None:
    order = orders.services_alone("on_account")
    page = unescape(clerk_client.get(reverse("fulfilment_done", args=[order.number])).text)
    assert "What is not paid can still come off the invoice, by one person up to $300.00" in page
    assert "only refunded" not in page
    order = order_services.complete_services(order=order, by=person(Role.CLERK))
    give(order, 2_000)
    assert owed_of(Order.objects.get(pk=order.pk)) == order.total - 2_000


def test_more_than_is_owed_and_paid_is_refused_and_so_are_other_roles() -> None:
    order = on_account()
    give(order, 10_000)
    with pytest.raises(ValidationError):
        give(order, order.total)
    with pytest.raises(Refused):
        give(order, 100, by=person(Role.ADMINISTRATOR))


def test_a_return_takes_off_only_what_was_not_taken_off_before() -> None:
    order = on_account(cores=2, sent=1)
    give(order, 38_500)
    services.deliver_parcel(shipment=order.shipments.get(), by=person(Role.CLERK))
    order.refresh_from_db()
    assert order.state == "completed"
    assert split_of(order, 38_500, line=order.lines.get()).off == 38_500


def test_nothing_comes_off_a_line_that_was_taken_off_it_before() -> None:
    things = ((orders.product(), 1), (orders.product(kind="accessory", cents=5_000), 9))
    order = parcels.approved(orders.submitted(orders.drafted(things=things)))
    line = order.lines.get(kind="core")
    amounts, clerk = {line.pk: 30_000}, person(Role.CLERK)
    refunds.give(order=order, by=clerk, amounts=amounts, reason="Scratched", key=uuid4())
    order, line = Order.objects.get(pk=order.pk), OrderLine.objects.get(pk=line.pk)
    left = line.total - 30_000
    assert owed_of(order) > line.total
    assert split_of(order, line.total, line=line).all == left
    assert undivided_split(order, line.total, line=line).all == left
    note = invoices.credit_part(order=order, line=line, cents=line.total, reason="Returned", actor=clerk.actor)
    assert note is not None
    assert note.total == left


def checked() -> None:
    """Check the deferred constraints, as a commit does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused_at_commit(match: str) -> None:
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match=match):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)


def test_a_note_that_is_committed_gets_no_more_lines() -> None:
    things = ((orders.product(), 1), (orders.product(kind="accessory", cents=2_500), 1))
    order = parcels.approved(orders.submitted(orders.drafted(things=things)))
    core, accessory = order.lines.order_by("position")
    key = uuid4()
    refunds.give(order=order, by=person(Role.CLERK), amounts={core.pk: 5_000}, reason="Scratched", key=key)
    checked()
    CreditLine.objects.create(note_id=key, line=accessory, cents=1_000, pieces=0)
    refused_at_commit("shared over lines to the cent")


def test_pieces_that_were_refunded_before_are_not_unsent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    order, clerk = on_account(cores=3, sent=1), person(Role.CLERK)
    give(order, 2 * 38_500)
    checked()
    monkeypatch.setattr("shop.payments.selectors.never_sent_of", lambda order: {order.lines.get().pk: 1})
    give(order, 38_500, by=clerk)
    refused_at_commit("shared over lines to the cent")


def test_a_refund_that_is_canceled_ships_the_pieces_that_its_cents_cover() -> None:
    order, clerk = on_account(cores=3), person(Role.CLERK)
    orders.check_payment(order, cents=2 * 38_500 - 10_000)
    split, refund = give(order, 2 * 38_500, by=clerk)
    assert refund is not None
    assert (split.off, split.back) == (48_500, 28_500)
    assert (CreditLine.objects.get().pieces, refund.lines.get().pieces) == (1, 1)
    assert CreditNote.objects.get().alone == 10_000
    checked()
    refunds.cancel(refund=refund, by=clerk)
    assert OrderLine.objects.get().refunded == 1


def test_the_tax_of_a_note_is_the_tax_in_its_lines() -> None:
    orders.tax_rate(basis_points=100, code="reduced")
    core, accessory = orders.product(), orders.product(kind="accessory", cents=2_500)
    Product.objects.filter(pk=accessory.pk).update(tax_code="reduced")
    accessory.refresh_from_db()
    things = ((core, 1), (accessory, 2))
    order = parcels.approved(orders.submitted(orders.drafted(things=things)))
    line = order.lines.get(kind="accessory")
    for _piece in range(2):
        amounts = {line.pk: line.total // 2}
        refunds.give(order=order, by=person(Role.CLERK), amounts=amounts, reason="Not wanted any more", key=uuid4())
    assert (line.tax, line.total) == (50, 5_050)
    assert list(CreditNote.objects.values_list("tax", flat=True)) == [25, 25]


@pytest.mark.parametrize(("language", "said"), [("en", "comes off invoice"), ("es", "Se descuentan")])
def test_the_buyer_reads_what_comes_off_for_what_and_what_is_still_due(language: str, said: str) -> None:
    things = ((orders.product(), 1), (orders.product(kind="accessory", cents=2_500), 1))
    draft = orders.drafted(things=things)
    Registrant.objects.filter(user=orders.buyer_of(draft)).update(language=language)
    Order.objects.filter(pk=draft.pk).update(language=language)
    order = parcels.approved(orders.submitted(Order.objects.get(pk=draft.pk)))
    amounts, clerk, key = {order.lines.get(kind="core").pk: 5_000}, person(Role.CLERK), uuid4()
    for _press in range(2):
        refunds.give(order=order, by=clerk, amounts=amounts, reason="Scratched", key=key)
    order = Order.objects.get(pk=order.pk)
    mail = letter_of(Message.objects.get(kind="order_refund", subject_id=str(order.pk)))
    note = CreditNote.objects.get()
    with translation.override(language):
        assert due_words(order) in mail.text
        assert f"- {order.lines.get(kind='core').local_name}: $50.00" in mail.text
    for part in (said, "$50.00", "Scratched", note.printed_number, order.invoices.get().printed_number):
        assert part in mail.text
    assert "$50.00" in mail.subject
    assert order.number in mail.subject


def test_the_form_says_and_takes_as_many_pieces_as_the_act() -> None:
    line = parcels.bought(cores=3).lines.get()
    orders.failed(orders.refunded(line, cents=line.total // 3))
    order = Order.objects.get(pk=line.order_id)
    line, clerk, field = order.lines.get(), person(Role.CLERK), f"pieces-{line.pk}"
    written = {str(line.pk): "770.00", "reason": "Again", "key": str(uuid4())}
    form = partial(
        RefundForm,
        by=clerk,
        lines=[line],
        payment=order.payments.get(),
        owed=0,
        unsent=order_selectors.unsent_of(order),
    )
    assert form().fields[field].widget.attrs["max"] == 3
    assert "at most 3 can still be refunded" in str(form({**written, field: "4"}).errors[field])
    checked = form({**written, field: "2"})
    assert checked.is_valid(), checked.errors
    refunds.request(
        payment=order.payments.get(), by=clerk, amounts=checked.amounts(), reason="Again", pieces=checked.pieces()
    )
    assert OrderLine.objects.get().refunded == 2


ACTOR = task_actor("shop.settle")


@pytest.mark.parametrize("is_fee", [True, False])
def test_a_clerk_takes_off_only_what_no_other_note_took_off_the_line(is_fee: bool) -> None:
    things = ((orders.product(), 1), (orders.product(kind="accessory", cents=5_000), 9))
    order = parcels.approved(orders.submitted(orders.drafted(things=things)))
    line, clerk = order.lines.get(kind="core"), person(Role.CLERK)
    note = invoices.credit_part(order=order, line=line, cents=30_000, reason="Returned", actor=ACTOR)
    assert note is not None
    assert (note.total, line.held) == (30_000, 30_000)
    checked()
    amounts = {line.pk: line.total - 30_000}
    with pytest.raises(ValidationError, match=r"at most \$85.00 can still go back"):
        refunds.give(order=order, by=clerk, amounts={line.pk: line.total}, reason="Scratched", key=uuid4())
    refunds.give(order=order, by=clerk, amounts=amounts, reason="Scratched", key=uuid4())
    again = invoices.credit_part(order=order, line=line, cents=line.total, reason="Returned", actor=ACTOR)
    given = refunds.give_for(line=line, cents=line.total, source=RefundSource.FEE, actor=ACTOR)
    assert (again, given, line.held) == (None, 0, line.total)


def test_the_database_wants_lines_of_each_note_and_pieces_of_clerks_alone() -> None:
    order = on_account()
    note = CreditNote.objects.create(invoice=order.invoices.get(), net=1_000, tax=0, total=1_000, reason="Less")
    with pytest.raises(IntegrityError, match="and pieces by a clerk"), transaction.atomic():
        CreditLine.objects.create(note=note, line=order.lines.get(), cents=1_000, pieces=1)
    refused_at_commit("shared over lines to the cent")


def test_what_runs_before_the_upgrade_still_writes_credit_notes() -> None:
    order = on_account()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO shop_creditnote (id, number, invoice_id, net, tax, total, reason, issued_at)"
            " VALUES (gen_random_uuid(), 0, %s, 1000, 0, 1000, 'Less', now())",
            [order.invoices.get().pk],
        )
    assert CreditNote.objects.get().alone == 0
    transaction.set_rollback(True)


def test_the_note_of_a_canceled_order_needs_no_lines() -> None:
    order = on_account()
    order_services.cancel(order=order, by=person(Role.CLERK))
    assert (CreditNote.objects.get().total, CreditLine.objects.count()) == (order.total, 0)
    checked()


@pytest.mark.parametrize("is_paid", [True, False])
def test_what_went_back_for_a_return_or_a_fee_is_the_price_of_no_piece_that_ships(is_paid: bool) -> None:
    order = on_account(cores=3)
    line, clerk = order.lines.get(), person(Role.CLERK)
    if is_paid:
        orders.check_payment(order, cents=order.total)
        refunds.give_for(line=line, cents=38_500, source=RefundSource.FEE, actor=ACTOR)
    else:
        invoices.credit_part(order=order, line=line, cents=38_500, reason="Returned", actor=ACTOR)
    give_pieces = partial(
        refunds.give, order=order, by=clerk, amounts={line.pk: 38_500}, reason="Not wanted any more", key=uuid4()
    )
    with pytest.raises(ValidationError, match="covers the price of 1 of"):
        give_pieces(pieces={line.pk: 2})
    give_pieces(pieces={line.pk: 1})
    assert OrderLine.objects.get().refunded == 1


@pytest.mark.parametrize("sent", [1, 2])
def test_the_buyer_reads_what_does_not_ship_any_more_as_the_clerk_did(sent: int) -> None:
    order, clerk = on_account(cores=2, sent=sent), person(Role.CLERK)
    line = order.lines.get()
    giving = giving_of(order, clerk, amounts={line.pk: 30_000}, reason="Late", pieces={line.pk: 0})
    assert giving.less == {}
    split, _refund = give(order, 38_500 if sent == 1 else 20_000, by=clerk)
    mail = letter_of(Message.objects.get(kind="order_refund", subject_id=str(order.pk)))
    words = f"- {line.local_name}: {dollars(split.off)}"
    assert (f"{words}. {less_words(line, 1)}" in mail.text) == (sent == 1)
    assert words in mail.text
    with translation.override("es"):
        assert less_words(line, 1).startswith("Esto ya no se envía: 1")
