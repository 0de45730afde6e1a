"""Invoices and credit notes. Numbers come from the database, without gap or repeat; nothing issued is ever edited."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.rows import Recorded
from shop.orders.models.orders import Order, OrderLine
from shop.payments.models import Refund


class NumberCounter(models.Model):
    """The last number of invoices, or of credit notes. A trigger locks the row and gives the next number."""

    kind = models.CharField(primary_key=True, max_length=12)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="number_counter_kind", condition=Q(kind__in=["invoice", "credit_note"])),
        ]


class Invoice(Recorded):
    """An invoice: on account, or for an order that is paid already.

    number: given by the database. due_on: None if the order was paid before. credited: cents that credit notes took off
    the invoice, kept by a trigger. reverses: the credit note that this invoice reverses, since the refund failed later.
    """

    subject_kind = "invoice"

    number = models.BigIntegerField(unique=True, default=0, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    reverses = models.OneToOneField(
        "shop.CreditNote", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    party = models.CharField(max_length=120)
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=60)
    state_code = models.CharField(max_length=2)
    zip_code = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    purchase_order = models.CharField(max_length=40, blank=True)
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    credited = models.BigIntegerField(default=0, editable=False)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="invoice_total", condition=Q(net__gt=0, tax__gte=0, total=F("net") + F("tax"))),
            models.CheckConstraint(name="invoice_credited", condition=Q(credited__gte=0, credited__lte=F("total"))),
            models.UniqueConstraint(fields=["order"], name="invoice_once", condition=Q(reverses__isnull=True)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["issued_at"], name="invoice_by_day"),
            models.Index(fields=["due_on"], name="invoice_by_due_day", condition=Q(due_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.printed_number

    @property
    def printed_number(self) -> str:
        return f"INV-{self.number:06}"


class InvoiceLine(models.Model):
    """One line of an invoice, as issued. line: the line of the order; None if the invoice reverses a credit note."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    quantity = models.PositiveSmallIntegerField()
    unit_cents = models.BigIntegerField()
    discount = models.BigIntegerField()
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="invoice_line_unit", condition=Q(unit_cents__gt=0)),
            models.CheckConstraint(
                name="invoice_line_amounts",
                condition=Q(quantity__gt=0, net__gte=0, tax__gte=0, total__gt=0) & Q(total=F("net") + F("tax")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CreditNote(Recorded):
    """An amount off an invoice. refund: the refund that it belongs to, None if nothing had been paid.

    clerk: who took it off, None if it follows from another act. alone: cents of it for which nobody else answers
    (docs/decisions/shop/refund-limit.md).
    """

    subject_kind = "credit_note"

    number = models.BigIntegerField(unique=True, default=0, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_note")
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    clerk = staff_key()
    alone = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="credit_note_by_clerk",
                condition=Q(clerk__isnull=True, alone=0)
                | Q(clerk__isnull=False, refund__isnull=True, alone__gte=0, alone__lte=F("total")),
            ),
            models.CheckConstraint(
                name="credit_note_total",
                condition=Q(net__gte=0, tax__gte=0, total__gt=0, total=F("net") + F("tax")) & ~Q(reason=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["issued_at"], name="credit_note_by_day")]

    def __str__(self) -> str:
        return self.printed_number

    @property
    def printed_number(self) -> str:
        return f"CN-{self.number:06}"


class CreditLine(models.Model):
    """The cents that came off the invoice for one line of the order, unless all is canceled. Never edited (trigger).

    pieces: of the line that don't ship any more, or not again (`OrderLine.refunded`), if a clerk took them off.
    """

    note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="credits")
    cents = models.BigIntegerField()
    pieces = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="credit_line_above_zero", condition=Q(cents__gt=0)),
            models.UniqueConstraint(fields=["note", "line"], name="credit_line_once"),
        ]
