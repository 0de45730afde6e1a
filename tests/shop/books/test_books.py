"""The books of a period: the file sums to the page, and both to what the payment service itself reports."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone as fixed_zone
from decimal import Decimal
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Refused
from shop.books import services
from shop.books.models import BookCheck
from shop.books.policies import Period
from shop.books.presenters import books_lines
from shop.books.selectors import Sums, sums_of
from shop.orders.models.invoices import CreditNote, Invoice
from shop.payments.gateway import client as gateway
from shop.payments.gateway.answers import RefundStatus
from shop.payments.models import Payment
from shop.payments.services import refunds
from tests.factories import person
from tests.peers.payments import PaymentPeer
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.payments import paying
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "ready")]

make_world = partial(ready_with, businesses=2)
Rows = list[dict[str, str]]
DAY = timedelta(days=1)


def today() -> Period:
    """Return this day."""
    return Period(timezone.localdate(), timezone.localdate())


def rows_of(text: str) -> Rows:
    """Return the rows of a file."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def cents(rows: Rows, column: str = "total") -> dict[str, int]:
    """Return the sum of a column by the kind of row."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row["kind"]] += int(Decimal(row[column] or 0) * 100)
    return found


def refunded(bought: paying.Bought, amount: int) -> str:
    """Give a part of a payment back; return the id at the payment service."""
    clerk = person("clerk")
    refund = refunds.submit(refund=orders.requested(bought.payment, cents=amount, by=clerk), by=clerk)
    return refunds.send(pk=refund.pk).gateway_id


def a_day_of_business(peer: PaymentPeer) -> None:
    """Let there be payments, refunds of each kind, one from outside, a check, one that goes back by check."""
    first, second = paying.paid(peer), paying.paid(peer, quantity=3)
    refunded(first, 1_000)
    failed = refunded(second, 2_000)
    peer.tell("turn", refund=failed, status="failed", reason="expired_or_canceled_card")
    outside = peer.tell("refund", payment_intent=second.payment.gateway_id, amount=700)
    peer.tell("turn", refund=outside["id"], status="pending")
    check, clerk = orders.check_payment(), person("clerk")
    back = refunds.submit(refund=orders.requested(check, cents=500, by=clerk), by=clerk)
    refunds.pay_out(refund=back, by=clerk, check_number="=1+1")
    services.compare_nightly()


def agree(rows: Rows, sums: Sums) -> None:
    """Hold the file against the page."""
    by_kind, tax = cents(rows), cents(rows, "tax")
    assert (by_kind["payment"], by_kind["check"]) == (sums.cards, sums.checks)
    assert (by_kind["refund"], by_kind["refund by check"]) == (-sums.refunded, -sums.by_check)
    assert by_kind["refund that came back"] == sums.came_back
    assert (by_kind["invoice"], tax["invoice"]) == (sums.invoiced.total, sums.invoiced.tax)
    assert (by_kind["credit note"], tax["credit note"]) == (-sums.credited.total, -sums.credited.tax)
    assert sum(net for _place, net, _tax in sums.places) == sums.invoiced.net - sums.credited.net
    assert sum(tax for _place, _net, tax in sums.places) == sums.invoiced.tax - sums.credited.tax


def test_the_file_sums_to_the_page_and_to_what_the_service_reports(payment_peer: PaymentPeer) -> None:
    a_day_of_business(payment_peer)
    rows = rows_of("".join(books_lines(today())))
    by_kind, sums = cents(rows), sums_of(today())
    assert by_kind["payment"] == payment_peer.charged() > 0
    assert -by_kind["refund"] - by_kind["refund that came back"] == payment_peer.refunded() == 1_700
    assert (by_kind["refund that came back"], by_kind["refund by check"]) == (2_000, -500)
    agree(rows, sums)
    numbers = [row["number"] for row in rows if row["kind"] == "invoice"]
    assert numbers == [f"INV-{number:06}" for number in range(1, len(numbers) + 1)]
    assert len(numbers) == Invoice.objects.count() > 3
    assert sum(row["kind"] == "credit note" for row in rows) == CreditNote.objects.count()
    assert sums.invoices is not None
    assert sums.invoices.missing == 0
    assert {row["number"] for row in rows if row["kind"] == "refund by check"} == {"'=1+1"}
    assert {row["currency"] for row in rows} == {"USD"}


def test_a_period_that_matches_says_so_and_one_that_differs_by_how_much(
    payment_peer: PaymentPeer, clerk_client: Client
) -> None:
    a_day_of_business(payment_peer)
    days = {"first": str(today().first), "last": str(today().last)}
    page = clerk_client.post(reverse("books_compare"), days, follow=True).content.decode()
    assert "Being compared" in page
    check = services.run_check(pk=BookCheck.objects.get().pk)
    assert (check.told_in, check.told_out) == (payment_peer.charged(), payment_peer.refunded())
    assert "Matches the payment service" in clerk_client.get(reverse("books"), days).content.decode()
    intent = Payment.objects.exclude(gateway_id="").latest("captured_at").gateway_id
    payment_peer.tell("refund", payment_intent=intent, amount=123)
    payment_peer.pay(paying.begin().attempt.session_id)
    services.run_check(pk=services.ask_for_check(by=person("auditor"), period=today()).pk)
    differs = clerk_client.get(reverse("books"), days).content.decode()
    assert "took $385.00 and gave back $1.23" in differs
    assert reverse("differences") in differs
    assert reverse("differences") not in sign_in(person("auditor")).get(reverse("books"), days).content.decode()


def test_a_refund_that_failed_and_is_not_heard_of_yet_differs(payment_peer: PaymentPeer) -> None:
    refund = refunded(paying.paid(payment_peer), 1_000)
    payment_peer.tell("turn", refund=refund, status="failed", reason="expired_or_canceled_card")
    check = services.run_check(pk=services.ask_for_check(by=person("clerk"), period=today()).pk)
    assert (sums_of(today()).at_the_service[1], check.told_out) == (1_000, payment_peer.refunded()) == (1_000, 0)


def test_what_the_books_do_not_know_counts_on_the_day_that_begins_when_it_was_made(payment_peer: PaymentPeer) -> None:
    payment_peer.pay(paying.begin().attempt.session_id)
    (taken,) = gateway.list_intents(since=today().begins)
    intent = paying.paid(payment_peer).payment.gateway_id
    payment_peer.tell("refund", payment_intent=intent, amount=123)
    (given,) = gateway.list_refunds(since=today().begins)
    for index, one, whole in ((0, taken, payment_peer.charged()), (1, given, 123)):
        assert one.made_at is not None
        with midnight_at(one.made_at) as day:
            assert services.totals_at_service(Period(day, day))[index] == whole
            assert services.totals_at_service(Period(day - DAY, day - DAY))[index] == 0


@contextmanager
def midnight_at(moment: datetime) -> Iterator[date]:
    """Let the portal be where a day begins at a moment, half around the world at most; return that day."""
    utc = moment.astimezone(UTC)
    since = timedelta(hours=utc.hour, minutes=utc.minute, seconds=utc.second)
    with timezone.override(fixed_zone(timedelta(days=utc.hour // 12) - since)):
        yield timezone.localdate(moment)


def test_while_the_service_is_down_the_check_says_so(payment_peer: PaymentPeer, clerk_client: Client) -> None:
    check = services.ask_for_check(by=person("clerk"), period=today())
    payment_peer.fault(".", "refuse", status=503, times=None)
    done = services.run_check(pk=check.pk)
    assert done.failure != ""
    days = {"first": str(today().first), "last": str(today().last)}
    assert "did not answer" in clerk_client.get(reverse("books"), days).content.decode()
    assert AuditEntry.objects.filter(event=Event.BOOKS_CHECKED, outcome="failed").exists()


@pytest.mark.usefixtures("paper")
class TestWithoutTheService:
    """Cases that need no payment service."""

    def test_a_day_is_a_day_of_the_county(self) -> None:
        late = timezone.make_aware(datetime(2026, 3, 31, 23, 30))  # noqa: DTZ001
        with time_machine.travel(late, tick=False):
            payment = orders.paid()
        march, april = Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 4, 30))
        assert sums_of(march).cards == payment.captured
        assert sums_of(april).cards == 0
        (row,) = [row for row in rows_of("".join(books_lines(march))) if row["kind"] == "payment"]
        assert (row["day"], row["payment_service_id"]) == ("2026-03-31", payment.gateway_id)

    def test_a_month_that_is_over_stays_as_it_was_when_its_refund_fails_later(self) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=40)):
            refund = orders.refund_at("succeeded")
            month = today()
        before = sums_of(month)
        answer = orders.gateway().move(refund.gateway_id, RefundStatus.FAILED)
        refunds.apply_answer(pk=refund.pk, answer=answer)
        assert (sums_of(month), sums_of(month).refunded) == (before, refund.cents)
        assert (sums_of(today()).came_back, sums_of(today()).refunded) == (refund.cents, 0)

    def test_a_reader_of_the_books_exports_them_and_that_is_an_entry(self) -> None:
        orders.paid()
        days = {"first": str(today().first), "last": str(today().last)}
        for role in ("clerk", "supervisor", "auditor", "administrator"):
            browser = sign_in(person(role))
            answer = browser.post(reverse("books_file"), days)
            assert answer["Content-Disposition"].endswith(f'books-{today().first}-{today().last}.csv"')
            assert b"payment" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert AuditEntry.objects.filter(event=Event.BOOKS_EXPORTED).count() == 4
        with pytest.raises(Refused):
            services.record_export(by=person("deputy"), period=today())

    def test_days_that_can_not_be_asked_for_are_refused(self, clerk_client: Client) -> None:
        for first, last in (("2026-02-01", "2026-01-01"), ("2020-01-01", "2026-01-01"), ("2999-01-01", "2999-01-02")):
            answer = clerk_client.post(reverse("books_file"), {"first": first, "last": last})
            assert answer.status_code == 422
            assert "usa-alert--error" in answer.content.decode()
        assert not AuditEntry.objects.filter(event=Event.BOOKS_EXPORTED).exists()

    def test_what_is_owed_on_account_stands_there(self, clerk_client: Client) -> None:
        order = orders.order_at("on_account")
        orders.check_payment(order, cents=1_000)
        sums = sums_of(today())
        assert (sums.owed, sums.owed_invoices) == (order.total - 1_000, 1)
        assert "1 invoice on account" in clerk_client.get(reverse("books")).content.decode()

    def test_a_check_that_no_worker_heard_of_is_taken_up(self) -> None:
        services.ask_for_check(by=person("clerk"), period=today())
        assert services.take_up_checks() == 0
