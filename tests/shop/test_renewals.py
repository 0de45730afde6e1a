"""A further year: announced, told of once more, charged on its first day, owed, stopped, and paid after all."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from fusus_portal.lifecycle import NotYours, Stale
from fusus_portal.notifications.kinds import MessageKind as Kind
from integration.models import Core
from integration.services import cores, returning
from shop.models import CardOnFile, Invoice, Order, Payment, PaymentAttempt, Refund, Reservation, Shipment, Term
from shop.policies.subscriptions import a_year_after
from shop.selectors.subscriptions import paid_until
from shop.services import (
    announcing,
    catalogue,
    charging,
    lapsing,
    orders,
    paying,
    payment_methods,
    purchase_orders,
    refunding,
    settling,
    subscriptions,
)
from shop.states import OrderState
from tests.factories import person
from tests.integration.devices import in_stock, owner_of
from tests.shop.orders import BACK, certificate, gateway, pdf
from tests.shop.paper import Paper
from tests.shop.renewed import (
    MONTH,
    announced,
    approved,
    first_end,
    lapsed,
    mails_go_out,
    of,
    on_day,
    order_core,
    owing,
    renewed,
    submitted,
    told,
    work,
)
from tests.shop.returned import accepted, begun, bought, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]

YEAR = 16_500
"""The fee of a year with its tax."""


def state_of(core: Core) -> tuple[str, str]:
    return str(Core.objects.get(pk=core.pk).state), of(core).state


def captured(order: Order) -> int:
    return sum(payment.captured for payment in Payment.objects.filter(order=order))


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
            catalogue.price(product=of(core).line.product, by=by, cents=40_000, yearly_fee=fee)
        assert (announced(dear).goods, announced(cheap).goods) == (15_000, 9_000)

    def test_what_costs_nothing_any_more_goes_on_by_itself(self) -> None:
        core = bought()
        catalogue.price(product=of(core).line.product, by=person("administrator"), cents=40_000, yearly_fee=0)
        with on_day(core, 3):
            work()
        assert (Order.objects.filter(renews__isnull=False).exists(), of(core).state) == (False, "active")

    def test_without_tax_for_who_has_a_certificate(self) -> None:
        core = bought()
        with on_day(core, -MONTH - 5):
            certificate(of(core).registrant)  # type: ignore[arg-type]
        order = announced(core)
        assert (order.tax, order.exemption is not None) == (0, True)

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
        assert PaymentAttempt.objects.get(order=order).is_by_page is False

    def test_not_a_day_before(self) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -1):
            work()
        assert captured(order) == 0

    def test_what_was_announced_is_charged_whatever_is_published_since(self) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -5):
            catalogue.price(product=of(core).line.product, by=person("administrator"), cents=1_000, yearly_fee=100)
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

    def test_after_a_long_standstill_it_is_announced_first_and_no_day_is_lost(self) -> None:
        core = bought()
        with on_day(core, 45):
            work()
            assert not Payment.objects.filter(order__renews__isnull=False).exists()
        with on_day(core, 53):
            work()
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)

    def test_the_next_year_is_announced_in_its_turn(self) -> None:
        core = bought()
        renewed(core)
        with on_day(core, 366 - MONTH):
            work()
        with on_day(core, 366):
            work()
        assert of(core).terms.count() == 3
        assert Payment.objects.filter(order__renews__isnull=False).count() == 2

    def test_who_pays_ahead_on_the_page_is_not_charged_again(self, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -10):
            attempt = paying.begin(order=order, by=owner_of(core), return_to=BACK)
            paper.pay(attempt.session_id)
            settling.settle(attempt=attempt)
        with on_day(core, 0):
            work()
        assert captured(order) == YEAR
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)

    def test_the_page_takes_the_card_for_the_years_to_come(self, paper: Paper) -> None:
        core = bought()
        before = CardOnFile.objects.get()
        order = announced(core)
        with on_day(core, -10):
            attempt = paying.begin(order=order, by=owner_of(core), return_to=BACK)
            paid = paper.pay(attempt.session_id)
            settling.settle(attempt=attempt)
        after = CardOnFile.objects.get()
        assert (after.customer, after.method) == (before.customer, paid.method)


class TestOwed:
    """It could not be charged."""

    def test_its_owner_reads_why_and_everything_goes_on(self) -> None:
        core = bought()
        owing(core)
        assert state_of(core) == ("active", "past_due")
        assert told(Kind.RENEWAL_FAILED) == 1

    def test_it_is_tried_again_after_3_7_and_14_days_a_row_each(self) -> None:
        core = bought()
        order = owing(core)
        for day in range(1, 25):
            with on_day(core, day):
                work()
        begun_on = [timezone.localdate(each.begun_at) - first_end(core) for each in order.attempts.order_by("begun_at")]
        assert begun_on == [timedelta(days=each) for each in (0, 3, 7, 14)]
        assert told(Kind.RENEWAL_FAILED) == 4

    def test_what_was_missed_is_one_try(self) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, 20):
            work()
            work()
        assert order.attempts.count() == 2

    def test_paid_at_last_no_day_is_twice_and_none_is_lost(self, paper: Paper) -> None:
        core = bought()
        order = owing(core)
        paper.next_charge = None
        with on_day(core, 7):
            work()
        assert (captured(order), state_of(core)) == (YEAR, ("active", "active"))
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)
        assert of(core).past_due_on is None

    def test_without_a_card_it_is_told_once_and_a_card_that_is_left_is_charged(self, paper: Paper) -> None:
        core = bought()
        owner = of(core).registrant
        assert owner is not None
        payment_methods.remove(registrant=owner, by=owner.user)
        order = announced(core)
        for day in (0, 1, 3, 4):
            with on_day(core, day):
                work()
        assert (order.attempts.count(), of(core).state, told(Kind.RENEWAL_FAILED)) == (0, "past_due", 1)
        with on_day(core, 5):
            change = payment_methods.begin_change(registrant=owner, by=owner.user, return_to=BACK)
            paper.leave_card(change.session_id)
            payment_methods.settle_change(change=change)
            work()
        assert (captured(order), of(core).state) == (YEAR, "active")

    def test_another_card_is_charged_at_once(self, paper: Paper) -> None:
        core = bought()
        order = owing(core)
        owner = of(core).registrant
        assert owner is not None
        with on_day(core, 1):
            change = payment_methods.begin_change(registrant=owner, by=owner.user, return_to=BACK)
            left = paper.leave_card(change.session_id)
            payment_methods.settle_change(change=change)
            paper.next_charge = None
            work()
        assert captured(order) == YEAR
        assert order.attempts.latest("begun_at").card == left.setup_method

    def test_by_a_purchase_order_nothing_is_charged_and_nothing_stops_until_a_clerk_has_decided(self) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, 2):
            sent = submitted(order)
        for day in (3, 7, 31, 40):
            with on_day(core, day):
                work()
        assert (sent.total, captured(sent), state_of(core)) == (order.total, 0, ("active", "past_due"))
        with on_day(core, 41):
            purchase_orders.approve(purchase_order=sent.purchase_order, by=person("clerk"))
        sent.refresh_from_db()
        assert (sent.state, of(core).state) == ("completed", "active")
        assert Invoice.objects.get(order=sent).due_on is not None
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)

    def test_a_purchase_order_that_is_declined_leaves_the_year_to_be_paid(self) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, 2):
            sent = submitted(order)
            purchase_orders.decline(purchase_order=sent.purchase_order, by=person("clerk"), reason="Not signed")
        again = Order.objects.get(renews=of(core), state="awaiting_payment")
        assert (again.total, again.year_from) == (order.total, order.year_from)

    def test_a_number_that_was_used_leaves_all_as_it_was(self) -> None:
        core = bought()
        order = announced(core)
        approved(order)
        with on_day(core, 366 - MONTH):
            work()
            second = Order.objects.get(renews=of(core), state="awaiting_payment")
            with pytest.raises(ValidationError):
                lapsing.by_purchase_order(order=second, by=owner_of(core), number="PO-77", limit=10**6, paper=pdf())
        second.refresh_from_db()
        assert second.state == "awaiting_payment"


class TestStopped:
    """30 days past due."""

    def test_the_core_stops_and_nothing_is_deleted(self) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, MONTH - 1):
            work()
        assert state_of(core) == ("active", "past_due")
        with on_day(core, MONTH):
            work()
        assert state_of(core) == ("suspended", "lapsed")
        order.refresh_from_db()
        assert (order.state, told(Kind.RENEWAL_LAPSED)) == ("expired", 1)

    def test_a_clerk_can_t_let_it_work_again(self) -> None:
        core = lapsed()
        with pytest.raises(Stale, match="not paid"):
            cores.resume(core=core, by=person("clerk"))

    def test_a_year_that_begins_on_the_day_of_payment_lets_it_work_again(self, paper: Paper) -> None:
        core = lapsed()
        with on_day(core, 100):
            order = lapsing.reconnect(core=core, by=owner_of(core))
            assert lapsing.reconnect(core=core, by=owner_of(core)) == order
            attempt = paying.begin(order=order, by=owner_of(core), return_to=BACK)
            paper.pay(attempt.session_id)
            settling.settle(attempt=attempt)
            assert of(core).terms.latest("starts_on").starts_on == timezone.localdate()
        assert state_of(core) == ("active", "active")

    def test_one_that_a_clerk_had_stopped_stays_so(self, paper: Paper) -> None:
        core = bought()
        owing(core)
        cores.suspend(core=core, by=person("clerk"))
        with on_day(core, MONTH):
            work()
        with on_day(core, 50):
            order = lapsing.reconnect(core=core, by=owner_of(core))
            attempt = paying.begin(order=order, by=owner_of(core), return_to=BACK)
            paper.pay(attempt.session_id)
            settling.settle(attempt=attempt)
        assert state_of(core) == ("suspended", "active")

    def test_money_for_the_year_that_was_given_up_goes_back(self, paper: Paper) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, MONTH - 1):
            attempt = paying.begin(order=order, by=owner_of(core), return_to=BACK)
        with on_day(core, MONTH):
            work()
        paper.pay(attempt.session_id)
        settling.settle(attempt=attempt)
        assert (captured(order), of(core).state) == (YEAR, "lapsed")
        assert Refund.objects.get(payment__order=order).source == "late"

    def test_nobody_else_connects_it_again(self) -> None:
        core = lapsed()
        with pytest.raises(NotYours):
            lapsing.reconnect(core=core, by=person("business"))


class TestCanceled:
    """Nobody pays for a year that begins after they canceled."""

    @pytest.mark.parametrize("when", [subscriptions.cancel_now, subscriptions.cancel_with_year])
    def test_a_year_that_waits_is_canceled_and_its_page_closed(self, when: object, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -1):
            paying.begin(order=order, by=owner_of(core), return_to=BACK)
            when(core=core, by=owner_of(core))  # type: ignore[operator]
        with on_day(core, 0):
            work()
        order.refresh_from_db()
        assert (order.state, captured(order)) == ("cancelled", 0)
        assert of(core).state == "ended"

    @pytest.mark.parametrize("when", [subscriptions.cancel_now, subscriptions.cancel_with_year])
    def test_a_year_that_was_paid_ahead_goes_back_in_full(self, when: object, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -10):
            attempt = paying.begin(order=order, by=owner_of(core), return_to=BACK)
            paper.pay(attempt.session_id)
            settling.settle(attempt=attempt)
            when(core=core, by=owner_of(core))  # type: ignore[operator]
        refund = Refund.objects.get(payment__order=order)
        assert (refund.cents, refund.source) == (YEAR, "fee")
        with on_day(core, 0):
            work()
        assert of(core).state == "ended"

    def test_kept_after_all_the_same_year_is_announced_again(self, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -20):
            attempt = paying.begin(order=order, by=owner_of(core), return_to=BACK)
            paper.pay(attempt.session_id)
            settling.settle(attempt=attempt)
            subscriptions.cancel_with_year(core=core, by=owner_of(core))
            subscriptions.keep(core=core, by=owner_of(core))
            work()
        with on_day(core, 0):
            work()
        assert paid_until(of(core)) == a_year_after(first_end(core))
        assert Payment.objects.filter(order__renews__isnull=False).count() == 2

    def test_in_a_further_year_its_unused_months_go_back_from_its_own_payment(self) -> None:
        core = bought()
        order = renewed(core)
        with on_day(core, 95):
            subscriptions.cancel_now(core=core, by=owner_of(core))
        refund = Refund.objects.get()
        assert (refund.payment.order_id, refund.cents) == (order.pk, YEAR * 8 // 12)
        term = Term.objects.latest("starts_on")
        assert (term.refunded, term.void_at) == (refund.cents, None)

    def test_on_account_they_go_off_its_own_invoice(self) -> None:
        core = bought()
        order = approved(announced(core))
        with on_day(core, 95):
            subscriptions.cancel_now(core=core, by=owner_of(core))
        assert Invoice.objects.get(order=order).credited == YEAR * 8 // 12
        assert not Refund.objects.exists()

    def test_from_past_due_at_once_and_there_is_nothing_to_give_back(self) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, 5):
            subscriptions.cancel_now(core=core, by=owner_of(core))
        order.refresh_from_db()
        assert (order.state, state_of(core)) == ("cancelled", ("suspended", "ended"))
        assert not Refund.objects.exists()

    def test_an_accepted_return_gives_a_further_year_back_from_the_day_it_began(self) -> None:
        core = bought()
        order = renewed(core)
        with on_day(core, 95):
            back = begun(core)
        with on_day(core, 150):
            accepted(received(back))
        refund = Refund.objects.get(payment__order=order)
        assert (refund.cents, of(core).state) == (YEAR * 8 // 12, "ended")
        assert back.fee_back == 0

    def test_a_return_takes_the_year_along_that_waits(self) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -5):
            back = begun(core)
        with on_day(core, 2):
            work()
            assert captured(order) == 0
            accepted(received(back))
        order.refresh_from_db()
        assert order.state == "cancelled"

    def test_its_order_is_not_canceled_by_itself(self) -> None:
        order = announced()
        for by in (owner_of(order_core(order)), person("clerk")):
            with pytest.raises(Stale, match="cancel the connection"):
                orders.cancel(order=order, by=by)

    def test_a_replacement_takes_the_waiting_year_along(self) -> None:
        core = bought()
        order = announced(core)
        new = returning.replace(old=core, new=in_stock(model=core.model), by=person("clerk")).core
        with on_day(new, 0):
            work()
        assert (captured(order), of(new).terms.count()) == (YEAR, 2)


class TestGuards:
    """What the database refuses, whatever a service forgot."""

    def test_nothing_is_sent_or_reserved_for_a_year(self) -> None:
        order = announced()
        with pytest.raises(IntegrityError), transaction.atomic():
            Shipment.objects.create(order=order, begun_by=person("clerk"))
        stock = of(order_core(order)).line.product.stock
        with pytest.raises(IntegrityError), transaction.atomic():
            Reservation.objects.create(order=order, stock=stock, quantity=1)

    def test_no_two_years_wait(self) -> None:
        order = announced()
        copy = Order.objects.get(pk=order.pk)
        copy.pk, copy.number, copy.state, copy.placed_at, copy.method = None, "O-AAAA2222", "draft", None, ""
        copy.save(force_insert=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=copy.pk).update(state="awaiting_payment", method="card", placed_at=timezone.now())

    @pytest.mark.parametrize("state", ["paid", "completed", "shipped"])
    def test_a_year_is_bought_by_money_alone(self, state: str) -> None:
        order = announced()
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(state=state)

    @pytest.mark.parametrize("columns", [{"renews": None, "year_from": None}, {"year_from": "2040-01-01"}])
    def test_whose_year_it_is_never_changes(self, columns: dict[str, object]) -> None:
        order = announced()
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**columns)

    def test_no_term_without_its_own_order(self) -> None:
        order = announced()
        found = of(order_core(order))
        begin = first_end(order_core(order))
        with pytest.raises(IntegrityError), transaction.atomic():
            Term.objects.create(
                subscription=found,
                line=order.lines.get(),
                starts_on=begin,
                ends_on=a_year_after(begin),
                fee=YEAR,
            )


def test_refunds_of_a_further_year_reach_the_service(paper: Paper) -> None:
    core = bought()
    order = renewed(core)
    with on_day(core, 95):
        subscriptions.cancel_now(core=core, by=owner_of(core))
        refunding.send_due()
    assert paper.refunded(Payment.objects.get(order=order).gateway_id) == YEAR * 8 // 12


def test_the_service_says_nothing_and_the_next_run_takes_it_up(paper: Paper) -> None:
    from shop.gateway.answers import Unknown  # noqa: PLC0415

    core = bought()
    order = announced(core)
    with on_day(core, 0):
        for name in ("create_intent", "retrieve_intent", "confirm_intent"):
            paper.before[name] = [Unknown("timeout")]
            charging.charge_due()
            assert captured(order) == 0
            assert of(core).state == "active"
        charging.charge_due()
    assert (captured(order), order.attempts.count()) == (YEAR, 1)
    assert announcing.announce_due() == 0
    assert gateway().calls.count("confirm_intent") == 2
