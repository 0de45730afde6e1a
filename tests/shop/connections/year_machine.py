"""The shop of `machine`, with COREs that are connected year after year while everything goes wrong around them."""

from contextlib import suppress
from itertools import pairwise

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from integration.cores.models import Core
from shop.connections.models import Subscription, Term
from shop.connections.services import cards, subscriptions, years
from shop.orders.models.orders import Order
from shop.orders.services import orders as order_services
from shop.orders.states import OrderState
from shop.payments.models import PaymentAttempt, Refund
from shop.payments.services import payments
from shop.payments.states import LIVE_REFUNDS
from tests.peers.payments import ASKS, DECLINED, PAID
from tests.shop.connections import renewed
from tests.shop.machine import NOW_AND_THEN, NUMBER, TROUBLE, Shop, Trouble
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK
from tests.shop.payments import paying
from tests.shop.returns.returned import core_of, published


class Years(Shop):
    """Two businesses that have connected a CORE each. renewed: how many further years began in all of its runs."""

    renewed = 0

    @initialize()
    def open(self) -> None:
        """Begin with a CORE of each that was bought by card."""
        super().open()
        published()
        self.cores = [self.connected(owner) for owner in (0, 1)]
        # A year is nearly over, so that something comes of few steps.
        self.move(340 * 24 * 60)
        renewed.work()

    def teardown(self) -> None:
        """Count what came of it."""
        if hasattr(self, "cores"):
            type(self).renewed += Term.objects.filter(line__order__renews__isnull=False).count()
        super().teardown()

    def connected(self, owner: int) -> Core:
        """Return a CORE that was paid by card."""
        bought = paying.begin(orders.product(), owner=self.owners[owner])
        self.peer.pay(bought.attempt.session_id)
        bought.settle()
        return core_of(bought.order)

    @rule(days=st.sampled_from([31, 1, 8, 335, 4]), trouble=TROUBLE)
    def let_days_pass(self, days: int, trouble: Trouble) -> None:
        """Let days pass, and do what is done every ten minutes, twice."""
        self.move(days * 24 * 60)
        self.begin_trouble(trouble)
        renewed.work()
        self.mend()
        renewed.work()

    @rule(number=NUMBER, card=st.sampled_from([PAID, PAID, DECLINED, ASKS]), trouble=TROUBLE)
    def leave_card(self, number: int, card: str, trouble: Trouble) -> None:
        """Use another card."""
        owner = self.owners[number % 2]
        self.begin_trouble(trouble)
        with suppress(*NOW_AND_THEN):
            change = cards.begin_change(registrant=owner, by=owner.user, return_to=BACK)
            self.peer.pay(change.session_id, card)
            cards.settle_change(change=change)

    @rule(number=NUMBER)
    def remove_card(self, number: int) -> None:
        """Leave none."""
        owner = self.owners[number % 2]
        with suppress(*NOW_AND_THEN):
            cards.remove(registrant=owner, by=owner.user)

    @rule(number=NUMBER, trouble=TROUBLE, again=st.booleans())
    def pay_year(self, number: int, trouble: Trouble, again: bool) -> None:
        """Pay a year on the page, or let a CORE work again that was stopped. again: nobody comes back from the page."""
        core, by = self.cores[number % 2], self.owners[number % 2].user
        self.begin_trouble(trouble)
        with suppress(*NOW_AND_THEN):
            years.reconnect(core=core, by=by)
        for order in Order.objects.filter(renews__core=core, state=OrderState.AWAITING_PAYMENT):
            with suppress(*NOW_AND_THEN):
                attempt = payments.begin_attempt(order=order, by=by, return_to=BACK, keeps=True)
                self.peer.pay(attempt.session_id)
            if not again:
                self.settle(paying.Bought(self.owners[number % 2], order))

    @rule(number=NUMBER, trouble=TROUBLE, how=st.sampled_from(["now", "year", "keep", "keep"]))
    def cancel_connection(self, number: int, trouble: Trouble, how: str) -> None:
        """Cancel a connection, or keep it after all."""
        acts = {
            "now": subscriptions.cancel_now,
            "year": subscriptions.cancel_with_year,
            "keep": subscriptions.keep,
        }
        self.begin_trouble(trouble)
        with suppress(*NOW_AND_THEN):
            acts[how](core=self.cores[number % 2], by=self.owners[number % 2].user)

    @rule(number=NUMBER)
    def cancel_order_of_year(self, number: int) -> None:
        """Try to cancel the order alone: that is refused."""
        for order in Order.objects.filter(renews__isnull=False)[number : number + 1]:
            with suppress(*NOW_AND_THEN):
                order_services.cancel(order=order, by=self.owners[0].user)

    @invariant()
    def years_hold(self) -> None:
        """8: nobody pays twice for a day, or for a year that begins after they canceled."""
        if hasattr(self, "cores"):
            for subscription in Subscription.objects.prefetch_related("terms__line__order"):
                no_day_twice(subscription)
                nothing_after_the_end(subscription)
            nobody_is_charged_twice()


def no_day_twice(subscription: Subscription) -> None:
    """Assert that its years follow one another."""
    live = sorted((term for term in subscription.terms.all() if term.void_at is None), key=lambda term: term.starts_on)
    for before, after in pairwise(live):
        assert before.ends_on <= after.starts_on


def nothing_after_the_end(subscription: Subscription) -> None:
    """Assert that what was paid for later goes back in full."""
    end = subscription.ends_on or (timezone.localdate(subscription.ended_at) if subscription.ended_at else None)
    for term in subscription.terms.all():
        if end is not None and term.starts_on > end:
            assert gone_back(term) == term.fee


def gone_back(term: Term) -> int:
    """Return what of a year went back, or is on its way; one that failed is a person's to make anew."""
    refunds = Refund.objects.filter(lines__line=term.line)
    live = sum(refund.cents for refund in refunds.filter(state__in=LIVE_REFUNDS))
    return live + sum(refund.cents for refund in refunds.filter(state="failed"))


def nobody_is_charged_twice() -> None:
    """Assert that of each year one payment is kept at most."""
    for order in Order.objects.filter(renews__isnull=False).prefetch_related("payments"):
        kept = sum(payment.captured - payment.held for payment in order.payments.all())
        failed = sum(
            refund.cents for refund in Refund.objects.filter(payment__order=order, state__in=["failed", "cancelled"])
        )
        assert kept - failed <= order.total
        assert PaymentAttempt.objects.filter(order=order, state="succeeded").count() == order.payments.count()
