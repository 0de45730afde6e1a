"""A shop that is used in every order, at a service that fails in every way, and what must hold all the while."""

import random
from contextlib import suppress
from datetime import date, timedelta

import time_machine
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fusus_portal.ground.lifecycle import Denied
from shop.books import services
from shop.books.policies import Period
from shop.books.selectors import sums_of
from shop.orders.models.orders import Order, ShopTask, TaskKind
from shop.orders.services import orders
from shop.orders.states import OrderState
from shop.payments.gateway.answers import GatewayFault
from shop.payments.models import GatewayEvent, Payment, PaymentAttempt, Refund
from shop.payments.services import notices, payments, refunds
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.peers.payments import ASKS, DECLINED, DECLINED_AT_ONCE, PAID, Json, PaymentPeer, charged, refunded
from tests.shop.invariants import MUST, books
from tests.shop.payments import paying
from tests.shop.payments.paying import Bought

NOW_AND_THEN = (Denied, ValidationError, GatewayFault)
"""Errors that a person or the worker gets in a bad moment; nothing else may be raised."""

REQUESTS = ["POST /v1/checkout", "GET /v1/checkout", "expire", "POST /v1/refunds", "GET /v1/refunds", "GET", "POST"]
KINDS = ["refuse", "cut", "lose", "error"]
STATUSES = [429, 500, 503, 400]
WEBHOOK = "/payments/webhook/"
FIRST_STOCK = 8
LONG_AGO = date(2020, 1, 1)
NUMBER = st.integers(0, 5)
Trouble = tuple[str, str, int] | None

FAULT = st.tuples(st.sampled_from(REQUESTS), st.sampled_from(KINDS), st.sampled_from(STATUSES))
TROUBLE = st.one_of(st.none(), st.none(), FAULT)
"""A fault of the next request of a kind, or None."""


class Shop(RuleBasedStateMachine):
    """A shop with few pieces of one product, businesses that buy it, and a clerk who gives money back."""

    peer: PaymentPeer
    steps = 0

    @initialize()
    def open(self) -> None:
        """Begin with an empty shop and two orders."""
        self.peer.forget()
        self.ahead = 0.0
        self.clock = time_machine.travel(timezone.now(), tick=True)
        self.moved = self.clock.start()
        self.product = paying.product_of(FIRST_STOCK)
        self.clerk, self.second = person("clerk"), person("clerk")
        self.owners = [business_at(), business_at()]
        self.bought = [paying.place(self.product, owner=owner) for owner in self.owners]

    def teardown(self) -> None:
        """Give the clock back."""
        if hasattr(self, "clock"):
            self.clock.stop()

    def one(self, number: int) -> Bought:
        """Return one of the orders."""
        return self.bought[number % len(self.bought)]

    # What businesses do

    @rule(owner=NUMBER, quantity=st.integers(1, 2))
    def place(self, owner: int, quantity: int) -> None:
        """Place an order, if there is enough."""
        with suppress(*NOW_AND_THEN):
            self.bought.append(paying.place(self.product, quantity=quantity, owner=self.owners[owner % 2]))

    @rule(
        number=NUMBER,
        card=st.sampled_from([PAID, PAID, PAID, DECLINED, DECLINED_AT_ONCE, ASKS]),
        agrees=st.booleans(),
        returns=st.booleans(),
        trouble=TROUBLE,
    )
    def pay(self, number: int, card: str, agrees: bool, returns: bool, trouble: Trouble) -> None:
        """Go to the payment page, and pay there while it is open. returns: they come back, else we have not heard."""
        self.begin_trouble(trouble)
        if not Order.objects.filter(state=OrderState.AWAITING_PAYMENT).exists():
            self.place(owner=number, quantity=1)
        waiting = [one for one in self.bought if one.state() == OrderState.AWAITING_PAYMENT] or self.bought
        one = waiting[number % len(waiting)]
        with suppress(*NOW_AND_THEN):
            one.begin()
        attempts = PaymentAttempt.objects.filter(order=one.order).exclude(session_id="")
        pages = {page["id"]: page for page in self.peer.state()["sessions"]} if attempts else {}
        for attempt in attempts:
            if pages[attempt.session_id]["status"] == "open":
                self.peer.pay(attempt.session_id, card, "complete" if agrees else "fail")
        if returns:
            self.settle(one)

    @rule(number=NUMBER, trouble=TROUBLE)
    def come_back(self, number: int, trouble: Trouble) -> None:
        """Come back from the payment page."""
        self.begin_trouble(trouble)
        self.settle(self.one(number))

    @staticmethod
    def settle(one: Bought) -> None:
        """Ask what became of an order's attempts."""
        for attempt in PaymentAttempt.objects.filter(order=one.order):
            with suppress(*NOW_AND_THEN):
                payments.settle(attempt=attempt)

    @rule(number=NUMBER, sure=st.sampled_from([False, False, True]), trouble=TROUBLE)
    def cancel(self, number: int, sure: bool, trouble: Trouble) -> None:
        """Cancel an order, now and then."""
        self.begin_trouble(trouble)
        one = self.one(number)
        with suppress(*NOW_AND_THEN):
            if sure:
                orders.cancel(order=one.order, by=one.by)

    # What staff do

    @rule(number=NUMBER, cents=st.integers(1, 40_000), by_another=st.booleans(), makes=st.booleans(), trouble=TROUBLE)
    def refund(self, number: int, cents: int, by_another: bool, makes: bool, trouble: Trouble) -> None:
        """Ask for a refund of any amount, and send it. makes: the worker is there at once."""
        self.begin_trouble(trouble)
        for payment in Payment.objects.filter(order=self.one(number).order)[:1]:
            line = payment.order.lines.get()
            with suppress(*NOW_AND_THEN):
                asked = refunds.request(payment=payment, by=self.clerk, amounts={line.pk: cents}, reason="Scratched")
                sent = refunds.submit(refund=asked, by=self.second if by_another else self.clerk)
                if makes:
                    refunds.send(pk=sent.pk)

    @rule(trouble=TROUBLE)
    def make_refunds(self, trouble: Trouble) -> None:
        """Let the worker send the refunds that wait."""
        self.begin_trouble(trouble)
        refunds.send_due()

    @rule(number=NUMBER, cents=st.integers(1, 5_000))
    def refund_in_the_dashboard(self, number: int, cents: int) -> None:
        """Refund something outside the portal."""
        for payment in Payment.objects.filter(order=self.one(number).order)[:1]:
            self.peer.tell("refund", payment_intent=payment.gateway_id, amount=cents)

    # What the service does

    @rule(status=st.sampled_from(["failed", "pending", "succeeded", "canceled"]), number=st.integers(0, 5))
    def turn_refund(self, status: str, number: int) -> None:
        """Let a refund turn, days later. What has failed stays so, as at the service."""
        made = self.peer.state()["refunds"]
        if made:
            one = made[number % len(made)]
            if one["status"] in {"pending", "succeeded"} and (status, one["status"]) != ("pending", "succeeded"):
                self.peer.tell("turn", refund=one["id"], status=status)

    def begin_trouble(self, trouble: Trouble) -> None:
        """Let the next request of a kind fail."""
        if trouble:
            match, kind, status = trouble
            self.peer.fault(match, kind, status=status)

    def mend(self) -> None:
        """Let everything work again."""
        self.peer.tell("mend")

    @rule(numbers=st.lists(st.integers(0, 30), max_size=5), age=st.sampled_from([0, 0, 200, 400]), wrong=st.booleans())
    def tell(self, numbers: list[int], age: int, wrong: bool) -> None:
        """Deliver events in any order and number; some too old, some by another secret."""
        known = self.peer.events()
        for number in numbers if known else ():
            payload, header = self.peer.signed(known[number % len(known)], age=age, wrong=wrong)
            headers = {"Stripe-Signature": header}
            answer = Client().post(WEBHOOK, payload, content_type="application/json", headers=headers)
            assert answer.status_code == (400 if wrong or age > 300 else 200)

    # What time does

    @rule(minutes=st.sampled_from([1, 3, 10, 40, 80]), trouble=TROUBLE)
    def wait(self, minutes: int, trouble: Trouble) -> None:
        """Let time pass, and do what is done each minute."""
        self.begin_trouble(trouble)
        self.move(minutes)
        notices.sweep()
        orders.expire_due()

    def move(self, minutes: int) -> None:
        """Let time pass, here and at the service."""
        self.ahead += minutes * 60
        self.moved.shift(timedelta(minutes=minutes))
        self.peer.tell("clock", ahead=self.ahead)

    @rule()
    def compare(self) -> None:
        """Compare with the service, while it works: nothing is unknown afterwards (invariant 12)."""
        self.mend()
        self.move(3)
        services.compare_nightly()
        assert not Refund.objects.filter(state="submitted").exists()
        assert not PaymentAttempt.objects.filter(state="processing").exists()
        assert not GatewayEvent.objects.filter(processed_at__isnull=True).exists()
        state = self.peer.state()
        assert set(Payment.objects.values_list("gateway_id", flat=True)) <= {one["id"] for one in state["intents"]}
        assert charged(state) == (Payment.objects.aggregate(sum=Sum("captured"))["sum"] or 0)
        self.reports(state)

    @staticmethod
    def reports(state: Json) -> None:
        """Hold the books of all days against the service (invariant 7). What they can't hold is a task."""
        today = timezone.localdate()
        days, there = Period(LONG_AGO, today), (charged(state), refunded(state))
        assert services.totals_at_service(days) == there
        if not ShopTask.objects.filter(kind=TaskKind.DIFFERENCE).exists():
            assert sums_of(days).at_the_service == there

    @rule(seed=st.integers(0, 2**16))
    def replay(self, seed: int) -> None:
        """Follow everything up that ever happened, in any order: the second time nothing changes (invariant 10).

        seed: of the order. How many events there are may depend on how fast the machine is; what is drawn may not.
        """
        chance = random.Random(seed)  # noqa: S311
        self.mend()
        events = [(one["type"], one["data"]["object"]["id"]) for one in self.peer.state()["events"]]
        chance.shuffle(events)
        self.follow(events)
        before = books()
        chance.shuffle(events)
        self.follow(events[: len(events) // 2 + 1] * 2)
        assert books() == before

    @staticmethod
    def follow(events: list[tuple[str, str]]) -> None:
        """Follow events up."""
        for kind, pk in events:
            notices.follow(kind=kind, object_id=pk)

    # What must hold

    @invariant()
    def holds(self) -> None:
        """Check every invariant."""
        if hasattr(self, "product"):
            type(self).steps += 1
            state = self.peer.state()
            for must in MUST:
                must(state)
