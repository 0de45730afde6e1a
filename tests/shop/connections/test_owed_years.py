"""A year that could not be charged: told, tried again, paid in another way, and in the end its CORE stops."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.kinds import MessageKind as Kind, kind_of
from integration.cores.services import cores
from shop.connections.services import cards, years
from shop.orders.models.invoices import Invoice
from shop.orders.models.orders import Order
from shop.orders.services import orders
from shop.payments.gateway.answers import Failed, Unknown
from shop.payments.models import Refund
from shop.payments.services import payments
from tests.factories import person
from tests.integration.cores.devices import Device, in_stock, owner_of
from tests.shop.connections.renewed import (
    MONTH,
    YEAR,
    announced,
    approved,
    captured,
    first_end,
    lapsed,
    of,
    on_day,
    owing,
    state_of,
    submitted,
    told,
    work,
)
from tests.shop.orders.orders import BACK, pdf
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import bought
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1)


class TestOwed:
    """It could not be charged."""

    @pytest.mark.long
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

    @pytest.mark.long
    def test_what_was_missed_is_one_try(self) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, 20):
            work()
            work()
        assert order.attempts.count() == 2

    @pytest.mark.long
    def test_paid_at_last_no_day_is_twice_and_none_is_lost(self, paper: Paper) -> None:
        core = bought()
        order = owing(core)
        paper.next_charge = None
        with on_day(core, 7):
            work()
        assert (captured(order), state_of(core)) == (YEAR, ("active", "active"))
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)
        assert of(core).past_due_on is None

    def test_a_day_without_a_try_locks_nothing(self) -> None:
        core = bought()
        owing(core)
        with on_day(core, 1), CaptureQueriesContext(connection) as asked:
            assert cards.charge_due() == 0
        assert not [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]

    @pytest.mark.parametrize("happens", [Paper.process, partial(Paper.pay, amount=1)])
    def test_while_money_may_have_come_by_a_page_no_card_is_charged(
        self, paper: Paper, happens: Callable[[Paper, str], object]
    ) -> None:
        core = bought()
        order = announced(core)
        with on_day(core, -1):
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            happens(paper, attempt.session_id)
            payments.settle(attempt=attempt)
        with on_day(core, 0):
            work()
        assert order.attempts.get() == attempt

    @pytest.mark.long
    def test_without_a_card_it_is_told_once_and_a_card_that_is_left_is_charged(self, paper: Paper) -> None:
        core = bought()
        owner = of(core).registrant
        assert owner is not None
        cards.remove(registrant=owner, by=owner.user)
        order = announced(core)
        for day in (0, 1, 3, 4):
            with on_day(core, day):
                work()
        assert (order.attempts.count(), of(core).state, told(Kind.RENEWAL_FAILED)) == (0, "past_due", 1)
        with on_day(core, 5):
            change = cards.begin_change(registrant=owner, by=owner.user, return_to=BACK)
            paper.leave_card(change.session_id)
            cards.settle_change(change=change)
            work()
        assert (captured(order), of(core).state) == (YEAR, "active")

    def test_a_charge_that_the_service_refuses_outright_is_over(self, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        paper.before["create_intent"] = [Failed("resource_missing")]
        with on_day(core, 0):
            work()
        attempt = order.attempts.get()
        assert (attempt.state, attempt.failure, of(core).state) == ("failed", "resource_missing", "past_due")

    def test_nobody_pays_on_a_page_while_the_card_is_charged(self, paper: Paper) -> None:
        core = bought()
        order = announced(core)
        paper.before["create_intent"] = [Unknown("timeout")]
        with on_day(core, 0):
            work()
            with pytest.raises(Stale, match="being processed"):
                payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)

    @pytest.mark.long
    def test_another_card_is_charged_at_once(self, paper: Paper) -> None:
        core = bought()
        order = owing(core)
        owner = of(core).registrant
        assert owner is not None
        with on_day(core, 1):
            change = cards.begin_change(registrant=owner, by=owner.user, return_to=BACK)
            left = paper.leave_card(change.session_id)
            cards.settle_change(change=change)
            paper.next_charge = None
            work()
        assert captured(order) == YEAR
        assert order.attempts.latest("begun_at").card == left.setup_method

    @pytest.mark.long
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
            orders.approve_purchase_order(purchase_order=sent.purchase_order, by=person("clerk"))
        sent.refresh_from_db()
        assert (sent.state, of(core).state) == ("completed", "active")
        assert Invoice.objects.get(order=sent).due_on is not None
        assert of(core).terms.latest("starts_on").starts_on == first_end(core)

    @pytest.mark.long
    def test_a_purchase_order_that_is_declined_leaves_the_year_to_be_paid(self) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, 2):
            sent = submitted(order)
            orders.decline_purchase_order(purchase_order=sent.purchase_order, by=person("clerk"), reason="Not signed")
        again = Order.objects.get(renews=of(core), state="awaiting_payment")
        assert (again.total, again.year_from) == (order.total, order.year_from)
        mail = kind_of(Kind.ORDER_REFUSED).build({"order": str(sent.pk)})
        assert (mail["again"], mail["number"], again.number in str(mail["link"])) == (True, sent.number, True)

    @pytest.mark.long
    def test_a_number_that_was_used_leaves_all_as_it_was(self) -> None:
        core = bought()
        order = announced(core)
        approved(order)
        with on_day(core, 366 - MONTH):
            work()
            second = Order.objects.get(renews=of(core), state="awaiting_payment")
            with pytest.raises(ValidationError):
                years.pay_by_purchase_order(order=second, by=owner_of(core), number="PO-77", limit=10**6, paper=pdf())
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

    @pytest.mark.long
    def test_a_clerk_can_t_let_it_work_again(self) -> None:
        core = lapsed()
        with pytest.raises(Stale, match="not paid"):
            cores.resume(core=core, by=person("clerk"))

    def test_a_year_that_begins_on_the_day_of_payment_lets_it_work_again(self, paper: Paper) -> None:
        core = lapsed()
        with on_day(core, 100):
            order = years.reconnect(core=core, by=owner_of(core))
            assert years.reconnect(core=core, by=owner_of(core)) == order
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            paper.pay(attempt.session_id)
            payments.settle(attempt=attempt)
            assert of(core).terms.latest("starts_on").starts_on == timezone.localdate()
        assert state_of(core) == ("active", "active")

    @pytest.mark.long
    def test_one_that_a_clerk_had_stopped_stays_so(self, paper: Paper) -> None:
        core = bought()
        owing(core)
        cores.suspend(core=core, by=person("clerk"))
        with on_day(core, MONTH):
            work()
        with on_day(core, 50):
            order = years.reconnect(core=core, by=owner_of(core))
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            paper.pay(attempt.session_id)
            payments.settle(attempt=attempt)
        assert state_of(core) == ("suspended", "active")

    def test_another_core_in_its_place_stops_too(self) -> None:
        core = lapsed()
        issued = cores.replace(old=core, new=in_stock(model=core.model), by=person("clerk"))
        cores.ship(core=issued.core, by=person("clerk"))
        Device(issued.core, issued.code, Ed25519PrivateKey.generate()).activate()
        with on_day(issued.core, 40):
            assert years.lapse_due() == 1
        assert state_of(issued.core) == ("suspended", "lapsed")

    def test_what_is_paid_in_the_last_moment_counts(self, paper: Paper) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, MONTH):
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
            paper.pay(attempt.session_id)
            assert years.lapse_due() == 0
        assert (captured(order), state_of(core)) == (YEAR, ("active", "active"))

    def test_money_for_the_year_that_was_given_up_goes_back(self, paper: Paper) -> None:
        core = bought()
        order = owing(core)
        with on_day(core, MONTH - 1):
            attempt = payments.begin_attempt(order=order, by=owner_of(core), return_to=BACK, keeps=True)
        with on_day(core, MONTH):
            work()
        paper.pay(attempt.session_id)
        payments.settle(attempt=attempt)
        assert (captured(order), of(core).state) == (YEAR, "lapsed")
        assert Refund.objects.get(payment__order=order).source == "late"

    @pytest.mark.long
    def test_nobody_else_connects_it_again(self) -> None:
        core = lapsed()
        with pytest.raises(NotYours):
            years.reconnect(core=core, by=person("business"))
