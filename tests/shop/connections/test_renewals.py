"""A further year: announced, told of once more, charged on its first day, and once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import pytest
from django.utils.formats import date_format

from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.channels.email_channel import render
from fusus_portal.ground.notifications.kinds import MessageKind as Kind, kind_of
from shop.catalogue import services as catalogue
from shop.catalogue.models import Reservation
from shop.connections.models import CardOnFile
from shop.connections.services import cards, subscriptions, years
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Order
from shop.orders.policies import a_year_after
from shop.orders.services import orders
from shop.orders.states import OrderState
from shop.payments.gateway.answers import SessionStatus, Unknown
from shop.payments.models import Payment, PaymentAttempt
from shop.payments.services import payments, refunds
from tests.factories import person
from tests.integration.cores.devices import business_at, owner_of
from tests.shop.connections.renewed import (
    MONTH,
    YEAR,
    announced,
    approved,
    captured,
    first_end,
    mails_go_out,
    of,
    on_day,
    renewed,
    told,
    work,
)
from tests.shop.orders.orders import BACK, certificate, gateway
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import begun, bought
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1)


def first_line_of_paid(order: Order) -> str:
    """Return the first line of the mail that the year of an order is paid."""
    build = partial(kind_of(Kind.RENEWAL_PAID).build, {"order": str(order.pk)})
    return render(kind=Kind.RENEWAL_PAID, language="en", build=build, number="M-1").text.splitlines()[0]


class TestAnnounced:
    """30 days before, and 7."""

    def test_the_order_is_placed_and_its_owner_is_told_what_when_and_how_to_cancel(self) -> None:
        core = bought()
        with on_day(core, -MONTH - 1):
            work()
        assert not Order.objects.filter(renews__isnull=False).exists()
        order = announced(core)
        line = order.lines.get()
        assert (order.total, order.year_from, line.quantity, line.kind) == (YEAR, first_end(core), 1, "service")
        assert order.consent == of(core).line.order.consent != ""
        assert told(Kind.RENEWAL_ANNOUNCED) == 1

    @pytest.mark.long
    def test_again_changes_nothing(self) -> None:
        core = bought()
        announced(core)
        with on_day(core, -MONTH + 1):
            work()
        assert (Order.objects.filter(renews__isnull=False).count(), told(Kind.RENEWAL_ANNOUNCED)) == (1, 1)

    def test_a_week_before_its_owner_is_told_once_more(self) -> None:
        core = bought()
        announced(core)
        for day, number in ((-8, 0), (-7, 1), (-6, 1), (-1, 1)):
            with on_day(core, day):
                work()
            assert told(Kind.RENEWAL_REMINDED) == number

    def test_what_ends_with_its_year_is_not_announced(self) -> None:
        core = bought()
        subscriptions.cancel_with_year(core=core, by=owner_of(core))
        for day in (-MONTH, -7, 0):
            with on_day(core, day):
                work()
        assert not Order.objects.filter(renews__isnull=False).exists()
        assert of(core).state == "ended"

    @pytest.mark.long
    def test_what_is_coming_back_is_not_announced(self) -> None:
        core = bought()
        begun(core)
        with on_day(core, -MONTH):
            work()
        assert not Order.objects.filter(renews__isnull=False).exists()

    def test_it_costs_what_is_published_and_never_more_than_what_was_agreed_to(self) -> None:
        dear, cheap = bought(), bought()
        by = person("administrator")
        for core, fee in ((dear, 90_000), (cheap, 9_000)):
            catalogue.set_price(product=of(core).line.product, by=by, cents=40_000, yearly_fee=fee)
        assert (announced(dear).goods, announced(cheap).goods) == (15_000, 9_000)

    def test_what_costs_nothing_any_more_goes_on_by_itself(self) -> None:
        core = bought()
        catalogue.set_price(product=of(core).line.product, by=person("administrator"), cents=40_000, yearly_fee=0)
        with on_day(core, 3):
            work()
        assert (Order.objects.filter(renews__isnull=False).exists(), of(core).state) == (False, "active")

    @pytest.mark.long
    def test_without_tax_for_who_has_a_certificate(self) -> None:
        core = bought()
        with on_day(core, -MONTH - 5):
            certificate(of(core).registrant)  # type: ignore[arg-type]
        order = announced(core)
        assert (order.tax, order.exemption is not None) == (0, True)

    @pytest.mark.long
    def test_it_waits_beside_a_draft_and_a_draft_beside_it(self) -> None:
        core = bought()
        order = announced(core)
        assert order.state == OrderState.AWAITING_PAYMENT
        assert not Reservation.objects.filter(order=order).exists()
        with on_day(core, -20):
            orders.expire_due()
        order.refresh_from_db()
        assert order.state == OrderState.AWAITING_PAYMENT


class TestCharged:
    """On the first day, with the card that was left."""

    def test_once_with_invoice_and_term_that_begins_where_the_old_one_ends(self) -> None:
        core = bought()
        order = renewed(core)
        with on_day(core, 1):
            work()
        first, second = of(core).terms.order_by("starts_on")
        assert (second.starts_on, second.ends_on) == (first.ends_on, a_year_after(first.ends_on))
        assert (second.fee, captured(order), of(core).state) == (YEAR, YEAR, "active")
        assert Invoice.objects.get(order=order).total == YEAR
        assert told(Kind.RENEWAL_PAID) == 1
        until = date_format(second.ends_on, "DATE_FORMAT")
        assert first_line_of_paid(order) == (
            f"Thank you. CORE {core.serial} stays connected until {until}. You don't need to do anything."
        )
        assert PaymentAttempt.objects.get(order=order).is_by_page is False

    def test_who_buys_it_on_account_reads_first_until_when_it_is_connected_and_by_when_to_pay(self) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -5):
            sent = approved(order)
        until, day = sent.lines.get().terms.get().ends_on, sent.invoices.get().due_on
        assert day is not None
        assert first_line_of_paid(sent) == (
            f"Thank you. CORE {core.serial} stays connected until {date_format(until, 'DATE_FORMAT')}. Please pay by "
            f"check, by {date_format(day, 'DATE_FORMAT')}."
        )

    @pytest.mark.long
    def test_not_a_day_before(self) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -1):
            work()
        assert captured(order) == 0

    @pytest.mark.long
    def test_what_was_announced_is_charged_whatever_is_published_since(self) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -5):
            catalogue.set_price(product=of(core).line.product, by=person("administrator"), cents=1_000, yearly_fee=100)
        with on_day(core, 0):
            work()
        assert captured(order) == YEAR

    def test_never_before_the_notice_was_out_for_seven_days(self) -> None:
        core = bought()
        with on_day(core, -3):
            work(mails=False)
        order = Order.objects.get(renews=of(core))
        with on_day(core, 20):
            work(mails=False)
            assert (captured(order), of(core).state) == (0, "active")
            mails_go_out()
        with on_day(core, 26):
            work()
            assert captured(order) == 0
        with on_day(core, 28):
            work()
        assert captured(order) == YEAR
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)

    @pytest.mark.long
    def test_after_a_long_standstill_it_is_announced_first_and_no_day_is_lost(self) -> None:
        core = bought()
        with on_day(core, 45):
            work()
            assert not Payment.objects.filter(order__renews__isnull=False).exists()
        with on_day(core, 53):
            work()
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)

    @pytest.mark.long
    def test_the_next_year_is_announced_in_its_turn(self) -> None:
        core = bought()
        renewed(core)
        with on_day(core, 366 - MONTH):
            work()
        with on_day(core, 366):
            work()
        assert of(core).terms.count() == 3
        assert Payment.objects.filter(order__renews__isnull=False).count() == 2

    @pytest.mark.long
    def test_who_pays_ahead_on_the_page_is_not_charged_again(self, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -10):
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            paper.pay(attempt.session_id)
            payments.settle(attempt=attempt)
        with on_day(core, 0):
            work()
        assert captured(order) == YEAR
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)

    @pytest.mark.long
    def test_while_a_payment_is_processed_no_card_is_charged_and_nothing_is_owed(self, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -1):
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            paper.process(attempt.session_id)
            payments.settle(attempt=attempt)
        with on_day(core, 1):
            work()
        assert (order.attempts.count(), of(core).state) == (1, "active")
        paper.pay(attempt.session_id)
        payments.settle(attempt=attempt)
        assert captured(order) == YEAR

    @pytest.mark.long
    def test_the_page_takes_the_card_for_the_years_to_come(self, paper: Paper) -> None:
        core = bought()
        before = CardOnFile.objects.get()
        order = announced(core)
        with on_day(core, -10):
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            paid = paper.pay(attempt.session_id)
            payments.settle(attempt=attempt)
        after = CardOnFile.objects.get()
        assert (after.customer, after.method) == (before.customer, paid.method)


def test_the_page_of_a_year_is_closed_when_its_connection_is_canceled(
    paper: Paper, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    core = bought()
    order = announced(core)
    with on_day(core, -10):
        attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
        with django_capture_on_commit_callbacks(execute=True):
            subscriptions.cancel_now(core=core, by=owner_of(core))
    assert paper.sessions[attempt.session_id].status == SessionStatus.EXPIRED
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED


def test_a_card_page_whose_answer_was_lost_is_known_by_what_it_says(paper: Paper) -> None:
    owner = business_at()
    paper.after["create_setup_session"] = [Unknown("timeout")]
    with pytest.raises(Stale):
        cards.begin_change(registrant=owner, by=owner.user, return_to=BACK)
    page = list(paper.sessions)[-1]
    paper.leave_card(page)
    assert cards.follow_page(page)
    change = owner.card_changes.get()
    assert (change.session_id, change.saved) == (page, True)


@pytest.mark.long
def test_the_service_says_nothing_and_the_next_run_takes_it_up(paper: Paper) -> None:
    core = bought()
    order = announced(core)
    with on_day(core, 0):
        for name in ("create_intent", "retrieve_intent", "confirm_intent"):
            paper.before[name] = [Unknown("timeout")]
            cards.charge_due()
            assert captured(order) == 0
            assert of(core).state == "active"
        cards.charge_due()
    assert (captured(order), order.attempts.count()) == (YEAR, 1)
    assert years.announce_due() == 0
    assert gateway().calls.count("confirm_intent") == 2


@pytest.mark.long
def test_refunds_of_a_further_year_reach_the_service(paper: Paper) -> None:
    core = bought()
    order = renewed(core)
    with on_day(core, 95):
        subscriptions.cancel_now(core=core, by=owner_of(core))
        refunds.send_due()
    assert paper.refunded(Payment.objects.get(order=order).gateway_id) == YEAR * 8 // 12
