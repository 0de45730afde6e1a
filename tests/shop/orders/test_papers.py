"""Lines of an invoice and of a credit note, one by one."""

from datetime import date
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.utils.html import escape

from audit.log.events import Event
from fusus_portal.ground.agency.selectors import words
from shop.catalogue import services as catalogue
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import ExemptionCertificate, Order
from shop.orders.presenters.money import Totals, note_of, paper_of
from tests.factories import person
from tests.registry.entries import entries_of
from tests.shop.orders import orders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def facts_of(invoice: Invoice) -> dict[str, str]:
    return dict(paper_of(invoice)["facts"])


def test_lines_and_sums_of_an_invoice() -> None:
    cheaper, box = orders.product(cents=10_000, fee=0), orders.product(kind="accessory", cents=2_500)
    catalogue.add_discount(product=cheaper, by=person("administrator"), from_quantity=2, basis_points=1_000)
    order = orders.paid(orders.placed(orders.drafted(things=((cheaper, 2), (box, 1))))).order
    said = paper_of(order.invoices.get())
    assert [line[1:] for line in said["lines"]] == [
        (2, "$100.00", "-$20.00", "10%", "$180.00"),
        (1, "$25.00", "–", "10%", "$25.00"),  # noqa: RUF001
    ]
    assert said["totals"] == Totals([("Before tax", "$205.00"), ("Sales tax (10%)", "$20.50")], ("Total", "$225.50"))
    assert said["buyer"] == [order.party, order.bill_street, f"{order.bill_city}, AL {order.bill_zip}"]
    assert said["notes"] == []


def test_an_invoice_says_how_it_is_paid_and_why_without_tax() -> None:
    order = orders.order_at("paid")
    invoice = order.invoices.get()
    facts = facts_of(invoice)
    assert facts["Paid"] == "in full, by Visa ending 4242"
    assert {"Your purchase order", "To be paid by", "No sales tax by certificate"}.isdisjoint(facts)
    invoice = orders.order_at("on_account").invoices.get()
    invoice.purchase_order, invoice.due_on = "PO-7", date(2026, 4, 30)
    invoice.order.exemption = ExemptionCertificate(number="EX-7")
    facts = facts_of(invoice)
    assert facts["Your purchase order"] == "PO-7"
    assert facts["To be paid by"] == "April 30, 2026"
    assert facts["No sales tax by certificate"] == "EX-7"
    assert "Paid" not in facts
    invoice.due_on, invoice.reverses_id = None, uuid4()
    assert "Paid" not in facts_of(invoice)


def test_what_a_credit_note_takes_off_is_below_zero() -> None:
    refund = orders.refund_at("succeeded")
    invoice = refund.payment.order.invoices.get()
    [(_number, _day, total, reason)] = paper_of(invoice)["notes"]
    assert (total, reason) == ("-$100.00", "Scratched")
    said = note_of(refund.credit_note)
    assert [amount for _name, amount in said["totals"].parts] == ["-$90.91", "-$9.09"]
    assert said["totals"].sum[1] == "-$100.00"
    assert "Reversed by invoice" not in dict(said["facts"])


def test_each_paper_has_an_entry_with_its_number_and_total() -> None:
    orders.refund_at("succeeded")
    note = CreditNote.objects.get()
    for paper, event in ((note.invoice, Event.INVOICE_ISSUED), (note, Event.CREDIT_NOTE_ISSUED)):
        [entry] = entries_of(event, paper)
        assert (entry.facts["number"], entry.facts["total"]) == (paper.printed_number, paper.total)


def test_a_credit_note_that_is_taken_back_says_by_which_invoice() -> None:
    note = CreditNote(invoice=Invoice(order=Order()), net=900, tax=90, total=990)
    note.reversed_by = Invoice(number=17)
    assert dict(note_of(note)["facts"])["Reversed by invoice"] == "INV-000017"


def test_an_invoice_names_its_seller_and_what_each_line_is_taxed() -> None:
    said = {**paper_of(orders.order_at("paid").invoices.get()), "agency": words()}
    sheet = " ".join(render_to_string("shop/orders/own/invoice.html", said).split())
    assert f"<h2>Seller</h2> <p> {escape(words()['name'])} <br> {words()['phone']}" in sheet
    assert '<td class="number">10%</td>' in sheet
