from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.pages.components import Table, number
from fusus_portal.ground.tables import BYTE_ORDER_MARK, Cell, csv_lines
from shop.books.models import BookCheck, Reconciliation
from shop.books.policies import Period
from shop.books.selectors import Bill, Entry, Numbers, Sums, entries
from shop.catalogue.money import dollars
from shop.orders.models.orders import ShopTask
from shop.rules import CURRENCY

COLUMNS = ("day", "kind", "number", "order", "state", "net", "tax", "total", "currency", "payment_service_id")
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BooksPage:
    period: Period
    sums: Sums
    check: BookCheck | None

    @property
    def heading(self) -> str:
        period = self.period
        days = {"first": date_format(period.first, "N j, Y"), "last": date_format(period.last, "N j, Y")}
        return _("%(first)s to %(last)s") % days

    @property
    def money(self) -> list[Row]:
        """Rows on money received and paid back. Failed refunds have their own row, so that no past day changes."""
        sums = self.sums
        return [
            (_("Paid by card"), dollars(sums.cards)),
            (_("Paid by check"), dollars(sums.checks)),
            (_("Total received"), dollars(sums.came_in)),
            (_("Given back to cards"), dollars(-sums.refunded)),
            (_("Given back by check"), dollars(-sums.by_check)),
            (_("Refunds that failed and came back"), dollars(sums.came_back)),
            (_("Total paid back"), dollars(-sums.went_out)),
            (_("Net"), dollars(sums.came_in - sums.went_out)),
        ]

    @property
    def bills(self) -> list[tuple[str, str, str, str]]:
        """Name, net, tax and total for invoices, credit notes, and their difference."""
        invoiced, credited = self.sums.invoiced, self.sums.credited
        left = Bill(invoiced.net - credited.net, invoiced.tax - credited.tax, invoiced.total - credited.total)
        credit = Bill(-credited.net, -credited.tax, -credited.total)
        rows = [(_("Invoices"), invoiced), (_("Credit notes"), credit), (_("Net"), left)]
        return [(name, dollars(bill.net), dollars(bill.tax), dollars(bill.total)) for name, bill in rows]

    @property
    def bill_table(self) -> Table:
        columns = [_("Kind"), number(_("Before tax")), number(_("Sales tax")), number(_("Total"))]
        return Table(_("Invoices and credit notes"), columns, self.bills)

    @property
    def places(self) -> Table:
        columns = [_("Place"), number(_("Before tax")), number(_("Sales tax"))]
        rows = [(name, dollars(net), dollars(tax)) for name, net, tax in self.sums.places]
        return Table(_("Sales tax by place"), columns, rows)

    @property
    def open(self) -> list[Row]:
        """Amounts not settled: as of now, not of the last day."""
        sums = self.sums
        owed = ngettext("%(count)d invoice on account", "%(count)d invoices on account", sums.owed_invoices)
        waiting = ngettext("%(count)d refund without an end", "%(count)d refunds without an end", sums.waiting_refunds)
        return [
            (owed % {"count": sums.owed_invoices}, dollars(sums.owed)),
            (waiting % {"count": sums.waiting_refunds}, dollars(sums.waiting)),
        ]

    @property
    def numbers(self) -> list[str]:
        named = ((self.sums.invoices, "INV", _("Invoices")), (self.sums.notes, "CN", _("Credit notes")))
        return [_numbers(found, prefix, name) for found, prefix, name in named if found is not None]

    @property
    def verdict(self) -> tuple[str, str, str]:
        """Kind and words of a tag, and a sentence, about the last check of the period; empty before the first check."""
        check = self.check
        if check is None:
            return "", "", ""
        if check.finished_at is None:
            return "quiet", _("Being compared"), _("Look again in a minute.")
        if check.failure:
            return "warn", _("No answer"), _("The payment service did not answer. Compare again later.")
        if (check.own_in, check.own_out) != self.sums.at_the_service:
            return "warn", _("Changed since"), _("The books have changed since they were compared. Compare again.")
        off = {"came": dollars(check.told_in - check.own_in), "went": dollars(check.told_out - check.own_out)}
        if (check.told_in, check.told_out) == (check.own_in, check.own_out):
            return "good", _("Matches the payment service"), ""
        words = _("Beyond what the books say, it took %(came)s and gave back %(went)s.")
        return "bad", _("Differs from the payment service"), words % off

    @property
    def told(self) -> list[Row]:
        """Amounts that the payment service reported at the last check, beside those of the books at that time."""
        check = self.check
        if check is None or check.finished_at is None or check.failure:
            return []
        return [
            (_("Taken, as it reports"), dollars(check.told_in)),
            (_("Taken, in the books"), dollars(check.own_in)),
            (_("Given back, as it reports"), dollars(check.told_out)),
            (_("Given back, in the books"), dollars(check.own_out)),
        ]


def period_choices(today: date) -> list[tuple[str, str]]:
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    found = [
        (_("This month"), Period(month, today)),
        (_("Last month"), Period(before.replace(day=1), before)),
        (_("This year"), Period(today.replace(month=1, day=1), today)),
    ]
    return [(name, books_address(period)) for name, period in found]


def books_address(period: Period) -> str:
    return f"{reverse('books')}?{urlencode({'first': period.first, 'last': period.last})}"


def books_lines(period: Period) -> Iterator[str]:
    """Yield the entries of a period as lines of CSV; amounts in dollars, outgoing ones below zero."""
    yield BYTE_ORDER_MARK
    lines = csv_lines(map(entry_row, entries(period)))
    yield next(lines, ",".join(COLUMNS) + "\r\n")
    yield from lines


def entry_row(entry: Entry) -> dict[str, Cell]:
    """Return an entry as cells by column. Amounts are numbers, so that no spreadsheet reads a minus as a formula."""
    day = timezone.localtime(entry.at).date()
    amounts: list[Cell] = [
        "" if cents is None else Dollars(cents / 100) for cents in (entry.net, entry.tax, entry.total)
    ]
    cells: list[Cell] = [str(day), entry.kind, entry.number, entry.order, entry.state]
    return dict(zip(COLUMNS, [*cells, *amounts, CURRENCY.upper(), entry.gateway_id], strict=True))


class Dollars(float):
    """A number of dollars, written with two decimals."""

    def __str__(self) -> str:
        return f"{self:.2f}"

    __repr__ = __str__


def _numbers(found: Numbers, prefix: str, name: str) -> str:
    span = {"name": name, "first": f"{prefix}-{found.first:06}", "last": f"{prefix}-{found.last:06}"}
    if found.missing:
        words = ngettext(
            "%(name)s %(first)s to %(last)s: %(missing)d number is missing",
            "%(name)s %(first)s to %(last)s: %(missing)d numbers are missing",
            found.missing,
        )
        return words % {**span, "missing": found.missing}
    return _("%(name)s %(first)s to %(last)s, without a gap") % span


NAMES = {
    "books": gettext_lazy("In the books"),
    "service": gettext_lazy("At the payment service"),
    "cents": gettext_lazy("Amount"),
    "expected": gettext_lazy("Asked for"),
    "captured": gettext_lazy("Captured"),
    "amount": gettext_lazy("At the payment service"),
}
"""Labels of the facts of a task that are amounts in cents."""

WORDS = {
    "kind": gettext_lazy("What"),
    "wrong": gettext_lazy("What differs"),
    "reason": gettext_lazy("Why"),
    "failure": gettext_lazy("Why"),
    "core": gettext_lazy("CORE"),
    "invoice": gettext_lazy("Invoice"),
    "claim": gettext_lazy("Claim"),
}

VALUES = {
    "refunded": gettext_lazy("What was given back"),
    "captured": gettext_lazy("What was paid"),
    "refund": gettext_lazy("A refund"),
    "payment_attempt": gettext_lazy("An attempt to pay"),
    "no_tax_rate": gettext_lazy("No sales tax rate is known for its place"),
    "dispute": gettext_lazy("A dispute. Answer it in the dashboard of the payment service."),
}
"""Words for values of the other facts."""


def task_facts(task: ShopTask) -> list[tuple[str, str]]:
    """Return the facts of a task in words; amounts in dollars."""
    known = [
        (str(NAMES[name]), dollars(value))
        if name in NAMES
        else (str(WORDS.get(name, name)), str(VALUES.get(str(value), value)))
        for name, value in task.facts.items()
        if name != "order"
    ]
    return [(_("About"), task.about), *known]


def comparison_words(run: Reconciliation) -> str:
    if run.finished_at is None:
        return _("Being compared. Look again in a minute.")
    if run.failure:
        return _("Not finished: the payment service did not answer. It is tried again.")
    found = ngettext("%(count)d difference", "%(count)d differences", run.differences) % {"count": run.differences}
    seen = _("%(attempts)d open payments, %(refunds)d refunds and %(notices)d messages looked at.") % {
        "attempts": run.attempts,
        "refunds": run.refunds,
        "notices": run.notices,
    }
    return f"{found}. {seen}"
