"""Nobody pays for a year that begins after they canceled; and what the database refuses of further years."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from fusus_portal.ground.lifecycle import Stale
from integration.cores.services import cores
from shop.catalogue.models import Reservation
from shop.connections.models import Term
from shop.connections.selectors import paid_until
from shop.connections.services import cards, subscriptions
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Order
from shop.orders.policies import a_year_after
from shop.orders.services import orders
from shop.parcels.models import Shipment
from shop.payments.gateway.answers import Unknown
from shop.payments.models import Payment, Refund
from shop.payments.services import payments
from tests.factories import person
from tests.integration.cores.devices import in_stock, owner_of
from tests.shop.connections.renewed import (
    YEAR,
    announced,
    approved,
    captured,
    first_end,
    of,
    on_day,
    order_core,
    owing,
    renewed,
    state_of,
    submitted,
    work,
)
from tests.shop.orders.orders import BACK
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import accepted, begun, bought, paid_back, received
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1)


class TestCanceled:
    """Nobody pays for a year that begins after they canceled."""

    @pytest.mark.long
    @pytest.mark.parametrize("when", [subscriptions.cancel_now, subscriptions.cancel_with_year])
    def test_a_year_that_waits_is_canceled_and_its_page_closed(self, when: object, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -1):
            payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
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
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            paper.pay(attempt.session_id)
            payments.settle(attempt=attempt)
            when(core=core, by=owner_of(core))  # type: ignore[operator]
        refund = Refund.objects.get(payment__order=order)
        assert (refund.cents, refund.source) == (YEAR, "fee")
        with on_day(core, 0):
            work()
        assert of(core).state == "ended"

    def test_what_was_charged_in_the_same_moment_goes_back(
        self, paper: Paper, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        core = bought()
        order = announced(core)
        paper.after["confirm_intent"] = [Unknown("timeout")]
        with on_day(core, 0):
            cards.charge_due()
            with django_capture_on_commit_callbacks(execute=True):
                subscriptions.cancel_now(core=core, by=owner_of(core))
        refund = Refund.objects.get(payment__order=order)
        assert (refund.cents, refund.source) == (YEAR, "late")

    def test_a_year_that_waits_for_approval_is_canceled_and_not_approved_any_more(self) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -10):
            sent = submitted(order)
            subscriptions.cancel_with_year(core=core, by=owner_of(core))
            with pytest.raises(Stale, match="already “Canceled”"):
                orders.approve_purchase_order(purchase_order=sent.purchase_order, by=person("clerk"))

    @pytest.mark.long
    def test_kept_after_all_the_same_year_is_announced_again(self, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -20):
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            paper.pay(attempt.session_id)
            payments.settle(attempt=attempt)
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

    @pytest.mark.long
    def test_on_account_they_go_off_its_own_invoice(self) -> None:
        core = bought()
        order = approved(announced(core))
        with on_day(core, 95):
            subscriptions.cancel_now(core=core, by=owner_of(core))
        assert Invoice.objects.get(order=order).credited == YEAR * 8 // 12
        assert not Refund.objects.exists()

    @pytest.mark.long
    def test_from_past_due_at_once_and_there_is_nothing_to_give_back(self) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, 5):
            subscriptions.cancel_now(core=core, by=owner_of(core))
        order.refresh_from_db()
        assert (order.state, state_of(core)) == ("cancelled", ("suspended", "ended"))
        assert not Refund.objects.exists()

    def test_a_paid_return_gives_a_further_year_back_from_the_day_it_began(self) -> None:
        core = bought()
        order = renewed(core)
        with on_day(core, 95):
            back = begun(core)
        with on_day(core, 150):
            paid_back(accepted(received(back)))
        refund = Refund.objects.get(payment__order=order)
        assert (refund.cents, of(core).state) == (YEAR * 8 // 12, "ended")
        assert back.fee_back == 0

    @pytest.mark.long
    def test_a_return_takes_the_year_along_that_waits(self) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -5):
            back = begun(core)
        with on_day(core, 2):
            work()
            assert captured(order) == 0
            paid_back(accepted(received(back)))
        order.refresh_from_db()
        assert order.state == "cancelled"

    def test_its_order_is_not_canceled_by_itself(self) -> None:
        order = announced()
        for by in (owner_of(order_core(order)), person("clerk")):
            with pytest.raises(Stale, match="cancel the connection"):
                orders.cancel(order=order, by=by)

    @pytest.mark.long
    def test_a_replacement_takes_the_waiting_year_along(self) -> None:
        core = bought()
        order = announced(core)
        new = cores.replace(old=core, new=in_stock(model=core.model), by=person("clerk")).core
        with on_day(new, 0):
            work()
        assert (captured(order), of(new).terms.count()) == (YEAR, 2)


class TestGuards:
    """Rows that the database refuses, even if a service forgot to."""

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
