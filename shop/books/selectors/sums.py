"""Sums of a period: the rows of `entries`, added up by the database."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Left

from shop.books.models import BookCheck
from shop.books.periods import Period
from shop.books.selectors import entries
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.selectors import money
from shop.payments.models import PaymentMethod, Refund
from shop.payments.states import OPEN_REFUNDS, RefundState


@dataclass(frozen=True, slots=True)
class Bill:
    """Cents that were billed or credited."""

    net: int
    tax: int
    total: int


@dataclass(frozen=True, slots=True)
class Place:
    """Cents billed less credited for one place. name: state and ZIP code."""

    name: str
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a period's documents. missing: those between the first and the last that do not exist."""

    first: int
    last: int
    count: int
    missing: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of a period, in cents.

    cards, checks: received. refunded, by_check: paid back. came_back: refunds that failed after their submission. owed,
    owed_invoices: unpaid on account now. waiting, waiting_refunds: refunds without an end now.
    """

    cards: int
    checks: int
    refunded: int
    by_check: int
    came_back: int
    invoiced: Bill
    credited: Bill
    places: list[Place]
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
        """Amounts that the payment service took, and gave back."""
        return self.cards, self.refunded - self.came_back


def sums_of(period: Period) -> Sums:
    by_card, by_check = Q(method=PaymentMethod.CARD), Q(method=PaymentMethod.CHECK)
    came = entries.payments(period).aggregate(
        cards=Sum("captured", filter=by_card, default=0), checks=Sum("captured", filter=by_check, default=0)
    )
    open_invoices = money.open_invoices().aggregate(sum=Sum("owed", default=0), count=Count("pk"))
    waits = Refund.objects.filter(state__in=[RefundState.REQUESTED, *OPEN_REFUNDS])
    waiting = waits.aggregate(sum=Sum("cents", default=0), count=Count("pk"))
    return Sums(
        cards=came["cards"],
        checks=came["checks"],
        refunded=_cents(entries.refunds_out(period)),
        by_check=_cents(entries.refunds_by_check(period)),
        came_back=_cents(entries.refunds_back(period)),
        invoiced=_bill(entries.invoices(period)),
        credited=_bill(entries.notes(period)),
        places=_places(period),
        invoices=_numbers(entries.invoices(period), Invoice.objects.all()),
        notes=_numbers(entries.notes(period), CreditNote.objects.all()),
        owed=open_invoices["sum"],
        owed_invoices=open_invoices["count"],
        waiting=waiting["sum"],
        waiting_refunds=waiting["count"],
    )


def latest(period: Period) -> BookCheck | None:
    """Return the last check of exactly these days."""
    return BookCheck.objects.filter(first=period.first, last=period.last).order_by("-asked_at").first()


def _cents(rows: QuerySet[Refund]) -> int:
    return int(rows.aggregate(sum=Sum("cents", default=0))["sum"])


def _bill(rows: "QuerySet[Invoice] | QuerySet[CreditNote]") -> Bill:
    found = rows.aggregate(**{name: Sum(name, default=0) for name in ("net", "tax", "total")})
    return Bill(**found)


def _places(period: Period) -> list[Place]:
    """Return sums by the place of delivery, which decides the tax."""
    found: dict[str, tuple[int, int]] = {}
    for rows, order, sign in (
        (entries.invoices(period), "order", 1),
        (entries.notes(period), "invoice__order", -1),
    ):
        by_place = rows.order_by().values_list(f"{order}__ship_state", Left(f"{order}__ship_zip", 5))
        for state, code, net, tax in by_place.annotate(Sum("net"), Sum("tax")):
            name = f"{state} {code}"
            before = found.get(name, (0, 0))
            found[name] = before[0] + sign * net, before[1] + sign * tax
    return [Place(name, *found[name]) for name in sorted(found)]


def _numbers(
    rows: "QuerySet[Invoice] | QuerySet[CreditNote]", all_of: "QuerySet[Invoice] | QuerySet[CreditNote]"
) -> Numbers | None:
    found = rows.aggregate(first=Min("number"), last=Max("number"), count=Count("pk"))
    if found["first"] is None:
        return None
    # A document of around midnight may fall on the next day, so all between the two are counted.
    there = all_of.filter(number__range=(found["first"], found["last"])).count()
    return Numbers(**found, missing=found["last"] - found["first"] + 1 - there)
