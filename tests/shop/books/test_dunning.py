"""Invoices on account: reminded of on four days, each once, and never cut off."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.models import Message
from shop.books import services
from shop.books.models import Reminder
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Order, ShopTask
from shop.orders.services import orders as order_services
from tests.factories import person
from tests.people import sign_in
from tests.registry.test_races import at_once
from tests.shop.orders import orders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def billed() -> tuple[Order, Invoice]:
    """Return an order on account with its invoice, due in 30 days."""
    order = orders.order_at("on_account")
    return order, order.invoices.get()


def on_day(invoice: Invoice, days: int) -> int:
    """Write the reminders of the day so many days after an invoice is due; return how many."""
    assert invoice.due_on is not None
    ahead = invoice.due_on - timezone.localdate() + timedelta(days=days)
    with time_machine.travel(timezone.now() + ahead):
        return services.remind_due()


def steps(invoice: Invoice) -> list[str]:
    """Return which reminders were written."""
    return list(Reminder.objects.filter(invoice=invoice).order_by("sent_at").values_list("step", flat=True))


def test_each_of_the_four_days_has_one_mail_and_the_last_a_task() -> None:
    _order, invoice = billed()
    written = [day for day in range(-10, 40) for _twice in range(2) if on_day(invoice, day)]
    assert written == [-7, 1, 14, 30]
    assert steps(invoice) == ["soon", "late", "later", "last"]
    assert Message.objects.filter(kind="invoice_due").count() == 4
    task = ShopTask.objects.get(kind="invoice_overdue")
    assert (task.about, task.facts["cents"]) == (str(invoice.pk), invoice.total)


def test_the_check_that_pays_it_settles_the_task_and_one_that_does_not_leaves_it() -> None:
    order, invoice = billed()
    on_day(invoice, 30)
    orders.check_payment(order, cents=order.total - 100)
    assert ShopTask.objects.get(kind="invoice_overdue").done_at is None
    last = orders.check_payment(order, cents=100)
    task = ShopTask.objects.get(kind="invoice_overdue")
    assert (task.done_by, task.note) == (last.recorded_by, f"Paid by check {last.check_number}")
    assert AuditEntry.objects.filter(event=Event.SHOP_TASK_DONE, subject_id=str(task.pk)).count() == 1


def test_after_a_standstill_one_mail_is_written_and_none_right_after_it() -> None:
    _order, invoice = billed()
    assert [day for day in range(13, 20) if on_day(invoice, day)] == [13, 16]
    assert steps(invoice) == ["late", "later"]


def test_what_is_paid_or_taken_off_is_not_asked_for() -> None:
    order, invoice = billed()
    orders.check_payment(order, cents=order.total - 100)
    assert on_day(invoice, 1) == 1
    assert Message.objects.get(kind="invoice_due").context["cents"] == 100
    orders.check_payment(order, cents=100)
    assert on_day(invoice, 14) == 0
    canceled, other = billed()
    order_services.cancel(order=canceled, by=person("clerk"))
    assert on_day(other, 30) == 0


def test_owner_and_clerk_read_what_is_overdue(clerk_client: Client) -> None:
    order, invoice = billed()
    assert invoice.due_on is not None
    buyer = orders.buyer_of(order)
    pages = (reverse("orders"), reverse("order", args=[order.number]))
    assert "To be paid by" in sign_in(buyer).get(pages[0]).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=33)):
        for page in pages:
            assert "Overdue since" in sign_in(buyer).get(page).content.decode()
        board = sign_in(person("clerk")).get(reverse("fulfilment")).content.decode()
        assert "3 days late" in board.split('id="overdue"')[1]
        order.refresh_from_db()
        assert order.state == "on_account"


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_reminder() -> None:
    _order, invoice = billed()
    Invoice.objects.filter(pk=invoice.pk).exists()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        at_once(services.remind_due, services.remind_due)
    assert steps(invoice) == ["late"]
    assert Message.objects.filter(kind="invoice_due").count() == 1
