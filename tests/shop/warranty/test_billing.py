"""An old CORE that never came back after a replacement: billed by the published list, and taken back when it comes."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, strategies as st

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.models import Message
from registry.people.services import registrants
from registry.registrants.models import Registrant
from shop.books import services as books
from shop.catalogue.money import percent
from shop.orders.models.orders import Order, ShopTask
from shop.orders.selectors import money
from shop.orders.services import orders
from shop.payments.models import Refund
from shop.payments.services import payments
from shop.returns import worth
from shop.warranty import services
from shop.warranty.models import Claim
from shop.warranty.selectors import worth_of_old
from shop.warranty.states import ClaimState
from tests.factories import person
from tests.integration.cores.devices import owner_of
from tests.people import sign_in
from tests.shop.orders.orders import certificate, tax_rate
from tests.shop.returns.returned import bought
from tests.shop.warranty.claimed import approved, charged, late, opened, owner_in, replaced, works
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1)


def test_it_is_billed_by_the_list_with_its_tax_and_never_above_it() -> None:
    claim = late()
    cents = worth_of_old(claim)
    bill = charged(claim).charge
    assert bill is not None
    assert (bill.state, bill.method, money.owed_of(bill)) == ("on_account", "charge", bill.total)
    assert cents - 1 <= bill.total <= cents
    line = bill.lines.get()
    assert line.tax == percent(line.net, tax_rate().basis_points) > 0
    assert bill.invoices.get().due_on == timezone.localdate() + timedelta(days=30)
    assert Message.objects.filter(kind="claim_progress", context__state="charged").count() == 1


def test_it_is_billed_to_the_business_as_it_is_called_by_now_and_in_its_language() -> None:
    claim = late()
    Registrant.objects.filter(user=owner_in(claim)).update(name="Acme Tools", language="es")
    bill = charged(claim).charge
    assert bill is not None
    assert (bill.party, bill.language, bill.invoices.get().party) == ("Acme Tools", "es", "Acme Tools")


def test_before_its_day_nothing_is_billed() -> None:
    claim, issued = replaced(approved(opened(bought())))
    works(issued)
    claim.refresh_from_db()
    assert claim.old_due_on == timezone.localdate() + timedelta(days=30)
    with pytest.raises(Stale, match="not late"):
        services.bill_old_core(claim=claim, by=person("clerk"))


def test_it_is_billed_once() -> None:
    with pytest.raises(Stale, match="already"):
        services.bill_old_core(claim=charged(), by=person("clerk"))


def test_for_what_nobody_bought_nothing_is_billed() -> None:
    with pytest.raises(Stale, match="Nobody paid"):
        services.bill_old_core(claim=late(given=True), by=person("clerk"))


def test_with_a_certificate_no_tax_is_in_it() -> None:
    claim = late()
    assert claim.registrant is not None
    sent = certificate(claim.registrant)
    bill = charged(claim).charge
    assert bill is not None
    assert (bill.tax, bill.exemption, bill.total) == (0, sent, worth_of_old(claim))


def test_a_later_arrival_takes_all_of_it_back() -> None:
    claim, clerk = charged(), person("clerk")
    bill = claim.charge
    assert bill is not None
    payments.receive_check(order=bill, by=clerk, number="88", cents=bill.total - 300, received_on=timezone.localdate())
    done = services.receive_old_core(claim=claim, by=clerk, serial=claim.core.serial)
    bill.refresh_from_db()
    invoice = bill.invoices.get()
    assert (done.state, bill.state, money.owed_of(bill)) == (ClaimState.CLOSED, "cancelled", 0)
    refund = Refund.objects.get(payment__order=bill)
    assert (refund.cents, refund.state, invoice.credited) == (bill.total - 300, "requested", 300)
    assert Message.objects.filter(kind="claim_progress", context__state="closed").count() == 1


def test_nobody_cancels_a_bill_and_it_is_closed_only_when_it_is_paid() -> None:
    claim = charged()
    bill = claim.charge
    assert bill is not None
    for by in (owner_in(claim), person("clerk")):
        with pytest.raises(Stale, match="This is a bill"):
            orders.cancel(order=bill, by=by)
    with pytest.raises(Stale, match="not paid"):
        services.close_claim(claim=claim, by=person("clerk"), reason="Long ago")
    payments.receive_check(
        order=bill, by=person("clerk"), number="9", cents=bill.total, received_on=timezone.localdate()
    )
    assert services.close_claim(claim=claim, by=person("clerk"), reason="It is paid").state == ClaimState.CLOSED


def test_its_owner_reads_what_of_the_bill_is_paid() -> None:
    claim = charged()
    bill = claim.charge
    assert bill is not None
    unpaid, browser = "to be paid by check", sign_in(owner_in(claim))
    said = {0: unpaid, bill.total - 300: "and $3.00 of it is left to pay by check", 300: "and the bill is paid"}
    for number, (cents, words) in enumerate(said.items()):
        if cents:
            payments.receive_check(
                order=bill, by=person("clerk"), number=str(number), cents=cents, received_on=timezone.localdate()
            )
        text = browser.get(reverse("warranty_claim", args=[claim.pk])).text
        assert [each for each in said.values() if each in text] == [words]


def test_a_bill_is_not_sent_and_not_owed_by_law(clerk_client: Client) -> None:
    claim = charged()
    bill = claim.charge
    assert bill is not None
    board = clerk_client.get(reverse("fulfilment")).content.decode()
    assert bill.number not in board.split('id="overdue"')[0]
    page = sign_in(owner_in(claim)).get(reverse("order", args=[bill.number])).content.decode()
    assert "Billed for the old CORE" in page
    assert "Next: we ship it" not in page
    assert reverse("order_cancel", args=[bill.number]) not in page
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert books.remind_due() == 1


def test_the_owner_reads_the_day_and_the_worth_from_the_beginning_and_is_reminded() -> None:
    core = bought()
    claim = opened(core)
    browser = sign_in(owner_of(core))
    address = reverse("warranty_claim", args=[claim.pk])
    before = browser.get(address).content.decode()
    assert "30 days after the new one works" in before
    assert "published list" in before
    _claim, issued = replaced(approved(claim))
    works(issued)
    claim.refresh_from_db()
    assert claim.old_due_on is not None
    assert "The old one is due by" in browser.get(address).content.decode()
    written = []
    for day in range(20, 45):
        with time_machine.travel(timezone.now() + timedelta(days=day)):
            written += [day] * books.remind_due()
    assert written == [23, 31]
    assert Message.objects.filter(kind="claim_progress", context__state="old_unit_due").count() == 3
    assert ShopTask.objects.get(kind="old_unit_late").about == str(claim.pk)


def came_back(claim: Claim, clerk: User) -> None:
    """Receive the old CORE after all."""
    services.receive_old_core(claim=claim, by=clerk, serial=claim.core.serial)


def is_billed(claim: Claim, clerk: User) -> None:
    """Bill it."""
    services.bill_old_core(claim=claim, by=clerk)


def is_let_off(claim: Claim, clerk: User) -> None:
    """Close it without a bill."""
    services.close_claim(claim=claim, by=clerk, reason="It burned")


@pytest.mark.parametrize("act", [came_back, is_billed, is_let_off])
def test_what_a_clerk_does_about_a_late_one_settles_its_task(act: Callable[[Claim, User], None]) -> None:
    claim, clerk = late(), person("clerk")
    books.remind_due()
    assert ShopTask.objects.get(kind="old_unit_late").done_at is None
    act(claim, clerk)
    task = ShopTask.objects.get(kind="old_unit_late")
    assert (task.about, task.done_by) == (str(claim.pk), clerk)
    assert task.note


def test_a_clerk_bills_from_the_page_of_the_claim(clerk_client: Client) -> None:
    claim = late()
    case, bill = reverse("claim_case", args=[claim.pk]), reverse("claim_charge", args=[claim.pk])
    assert bill in clerk_client.get(case).content.decode()
    assert "No card is charged" in clerk_client.get(bill).content.decode()
    assert "The bill" in clerk_client.post(bill, follow=True).content.decode()
    assert clerk_client.post(bill).status_code == 409
    assert Order.objects.filter(method="charge").count() == 1


def test_the_database_lets_no_other_order_go_straight_to_the_account() -> None:
    claim = charged()
    bill = claim.charge
    assert bill is not None
    rows = Order.objects.filter(pk=bill.pk)
    for state in ("paid", "shipped"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(charge=None)


def test_who_leaves_owes_the_bill_as_before() -> None:
    claim = charged()
    assert claim.registrant is not None
    registrants.leave(registrant=claim.registrant, by=owner_in(claim))
    bill = Order.objects.get(method="charge")
    assert (bill.registrant, bill.state, money.owed_of(bill)) == (None, "on_account", bill.total)
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert books.remind_due() == 1
    assert ShopTask.objects.filter(kind="invoice_overdue", order=bill).exists()
    done = services.receive_old_core(claim=claim, by=person("clerk"), serial=claim.core.serial)
    bill.refresh_from_db()
    assert (done.state, bill.state) == (ClaimState.CLOSED, "cancelled")


@given(total=st.integers(1, 10_000_000), basis_points=st.integers(0, 3_000))
def test_what_comes_with_its_tax_is_the_most_that_is_not_above_a_total(total: int, basis_points: int) -> None:
    net = worth.net_within(total, basis_points)
    assert net >= 1
    assert net + percent(net, basis_points) <= total < net + 1 + percent(net + 1, basis_points)
