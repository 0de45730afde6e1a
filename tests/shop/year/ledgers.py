"""The books of the whole time and of each month: the file, its sums, and what the service itself reports."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from shop.books import services as books
from shop.books.policies import Period
from shop.books.presenters import books_lines
from shop.books.selectors import sums_of
from shop.orders.models.invoices import CreditNote, Invoice
from shop.payments.models import Payment
from tests.factories import person
from tests.peers.payments import Json, charged, refunded
from tests.shop.books.test_books import agree, cents, rows_of

NUMBERED = {"invoice": Invoice.objects, "credit note": CreditNote.objects}


def reckon(state: Json) -> None:
    """Assert it of the whole, to the cent, and that each month is what the service reports. state: what it knows."""
    whole = Period(timezone.localdate(Payment.objects.earliest("captured_at").captured_at), timezone.localdate())
    rows = rows_of("".join(books_lines(whole)))
    agree(rows, sums_of(whole))
    by_kind = cents(rows)
    assert by_kind["payment"] == charged(state) > 0
    assert -by_kind["refund"] - by_kind["refund that came back"] == refunded(state)
    for kind, documents in NUMBERED.items():
        numbers = [int(row["number"].rpartition("-")[2]) for row in rows if row["kind"] == kind]
        assert numbers == list(range(1, documents.count() + 1))
    auditor = person(Role.AUDITOR)
    for month in _months(whole):
        check = books.run_check(pk=books.ask_for_check(by=auditor, period=month).pk)
        assert (check.failure, check.told_in, check.told_out) == ("", check.own_in, check.own_out), month


def _months(whole: Period) -> Iterator[Period]:
    first: date = whole.first
    while first <= whole.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield Period(first, min(following - timedelta(days=1), whole.last))
        first = following
