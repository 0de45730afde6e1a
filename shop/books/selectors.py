"""Entries of a period, their sums, and open tasks.

A refund counts on the day on which it was sent. If it fails later, that is an entry of its own on that later day, so
that no past day changes. A refund that the payment service never made moved no money and has no entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import attrgetter
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import find_or_refuse
from shop.books.models import BookCheck, Reconciliation
from shop.books.policies import Period
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import ShopTask
from shop.orders.selectors import money
from shop.payments.models import Payment, PaymentMethod, Refund
from shop.payments.states import OPEN_REFUNDS, RefundState

AT_ONCE = 1_000
BROKEN = (RefundState.FAILED, RefundState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the books, in cents; money paid back and credit notes are below zero. net, tax: None for money."""

    at: datetime
    kind: str
    number: str
    order: str
    state: str
    net: int | None
    tax: int | None
    total: int
    gateway_id: str = ""


def entries(period: Period) -> Iterator[Entry]:
    """Yield each entry of a period, oldest first. Only some are in memory at once."""
    parts = (
        _payments(period),
        _refunds(refunds_out(period), "submitted_at", "refund", -1),
        _refunds(refunds_by_check(period), "settled_at", "refund by check", -1),
        _refunds(refunds_back(period), "settled_at", "refund that came back", 1),
        _documents(invoices_in(period).select_related("order"), "invoice", 1),
        _documents(credit_notes_in(period).select_related("invoice__order"), "credit note", -1),
    )
    return merge(*parts, key=attrgetter("at"))


def payments_in(period: Period) -> QuerySet[Payment]:
    return Payment.objects.filter(**period.within("captured_at"))


def refunds_out(period: Period) -> QuerySet[Refund]:
    """Return the card refunds sent in a period that the payment service accepted."""
    rows = Refund.objects.filter(payment__method=PaymentMethod.CARD, **period.within("submitted_at"))
    return rows.exclude(gateway_id="")


def refunds_by_check(period: Period) -> QuerySet[Refund]:
    rows = Refund.objects.filter(payment__method=PaymentMethod.CHECK, state=RefundState.SUCCEEDED)
    return rows.filter(**period.within("settled_at"))


def refunds_back(period: Period) -> QuerySet[Refund]:
    """Return the refunds that were sent, and that failed in a period: the bank refused them."""
    return Refund.objects.filter(state__in=BROKEN, **period.within("settled_at")).exclude(gateway_id="")


def invoices_in(period: Period) -> QuerySet[Invoice]:
    return Invoice.objects.filter(**period.within("issued_at"))


def credit_notes_in(period: Period) -> QuerySet[CreditNote]:
    return CreditNote.objects.filter(**period.within("issued_at"))


def _payments(period: Period) -> Iterator[Entry]:
    rows = payments_in(period).select_related("order").order_by("captured_at", "pk")
    for row in rows.iterator(chunk_size=AT_ONCE):
        kind = "payment" if row.method == PaymentMethod.CARD else "check"
        number = row.order.number
        yield Entry(row.captured_at, kind, row.check_number, number, "", None, None, row.captured, row.gateway_id)


def _refunds(rows: QuerySet[Refund], at: str, kind: str, sign: int) -> Iterator[Entry]:
    """Yield refunds as entries. at: the column with the time that counts. sign: -1 for money paid back."""
    ordered = rows.select_related("payment__order").order_by(at, "pk")
    for row in ordered.iterator(chunk_size=AT_ONCE):
        number, order, cents = row.check_number, row.payment.order.number, sign * row.cents
        yield Entry(getattr(row, at), kind, number, order, row.state, None, None, cents, row.gateway_id)


def _documents(rows: "QuerySet[Invoice] | QuerySet[CreditNote]", kind: str, sign: int) -> Iterator[Entry]:
    """Yield invoices or credit notes as entries. sign: -1 for credit notes."""
    for row in rows.order_by("issued_at", "number").iterator(chunk_size=AT_ONCE):
        order = row.order if isinstance(row, Invoice) else row.invoice.order
        net, tax, total = sign * row.net, sign * row.tax, sign * row.total
        yield Entry(row.issued_at, kind, row.printed_number, order.number, "", net, tax, total)


@dataclass(frozen=True, slots=True)
class Bill:
    """Cents of invoices, or of credit notes."""

    net: int
    tax: int
    total: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a period's invoices or credit notes. missing: how many between first and last do not exist."""

    first: int
    last: int
    missing: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of a period, in cents.

    cards, checks: received. refunded, by_check: paid back. came_back: refunds that failed after they were sent. owed,
    owed_invoices: unpaid on account now. waiting, waiting_refunds: refunds not settled now. places: state and ZIP code
    of delivery, with net and tax invoiced less credited.
    """

    cards: int
    checks: int
    refunded: int
    by_check: int
    came_back: int
    invoiced: Bill
    credited: Bill
    places: list[tuple[str, int, int]]
    invoices: Numbers | None
    notes: Numbers | None
    owed: int
    owed_invoices: int
    waiting: int
    waiting_refunds: int

    @property
    def came_in(self) -> int:
        return self.cards + self.checks

    @property
    def went_out(self) -> int:
        return self.refunded + self.by_check - self.came_back

    @property
    def at_the_service(self) -> tuple[int, int]:
        """Cents that the payment service took, and cents that it refunded."""
        return self.cards, self.refunded - self.came_back


def sums_of(period: Period) -> Sums:
    by_card, by_check = Q(method=PaymentMethod.CARD), Q(method=PaymentMethod.CHECK)
    came = payments_in(period).aggregate(
        cards=Sum("captured", filter=by_card, default=0), checks=Sum("captured", filter=by_check, default=0)
    )
    open_invoices = money.open_invoices().aggregate(sum=Sum("owed", default=0), count=Count("pk"))
    waits = Refund.objects.filter(state__in=[RefundState.REQUESTED, *OPEN_REFUNDS])
    waiting = waits.aggregate(sum=Sum("cents", default=0), count=Count("pk"))
    return Sums(
        cards=came["cards"],
        checks=came["checks"],
        refunded=_cents(refunds_out(period)),
        by_check=_cents(refunds_by_check(period)),
        came_back=_cents(refunds_back(period)),
        invoiced=_bill(invoices_in(period)),
        credited=_bill(credit_notes_in(period)),
        places=_places(period),
        invoices=_numbers(invoices_in(period), Invoice.objects.all()),
        notes=_numbers(credit_notes_in(period), CreditNote.objects.all()),
        owed=open_invoices["sum"],
        owed_invoices=open_invoices["count"],
        waiting=waiting["sum"],
        waiting_refunds=waiting["count"],
    )


def latest_check(period: Period) -> BookCheck | None:
    return BookCheck.objects.filter(first=period.first, last=period.last).order_by("-asked_at").first()


def _cents(rows: QuerySet[Refund]) -> int:
    return int(rows.aggregate(sum=Sum("cents", default=0))["sum"])


def _bill(rows: "QuerySet[Invoice] | QuerySet[CreditNote]") -> Bill:
    found = rows.aggregate(**{name: Sum(name, default=0) for name in ("net", "tax", "total")})
    return Bill(**found)


def _places(period: Period) -> list[tuple[str, int, int]]:
    """Return the sums of a period for each place of delivery, which decides the tax."""
    found: dict[str, tuple[int, int]] = {}
    for rows, order, sign in (
        (invoices_in(period), "order", 1),
        (credit_notes_in(period), "invoice__order", -1),
    ):
        by_place = rows.order_by().values_list(f"{order}__ship_state", Left(f"{order}__ship_zip", 5))
        for state, code, net, tax in by_place.annotate(Sum("net"), Sum("tax")):
            name = f"{state} {code}"
            before = found.get(name, (0, 0))
            found[name] = before[0] + sign * net, before[1] + sign * tax
    return [(name, *found[name]) for name in sorted(found)]


def _numbers(
    rows: "QuerySet[Invoice] | QuerySet[CreditNote]", all_of: "QuerySet[Invoice] | QuerySet[CreditNote]"
) -> Numbers | None:
    found = rows.aggregate(first=Min("number"), last=Max("number"))
    if found["first"] is None:
        return None
    # A document of around midnight may fall on the next day, so all between the two are counted.
    there = all_of.filter(number__range=(found["first"], found["last"])).count()
    return Numbers(**found, missing=found["last"] - found["first"] + 1 - there)


def open_tasks() -> QuerySet[ShopTask]:
    return ShopTask.objects.filter(done_at__isnull=True).select_related("order").order_by("opened_at", "pk")


def shop_task(pk: UUID) -> ShopTask:
    rows = ShopTask.objects.filter(pk=pk).select_related("order")
    return find_or_refuse(rows, _("There is no such task."), subject=("shop_task", str(pk)))


def latest_comparisons() -> list[Reconciliation]:
    return list(Reconciliation.objects.select_related("clerk").order_by("-asked_at")[:10])
