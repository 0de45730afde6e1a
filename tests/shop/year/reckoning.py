"""Checks at the end of the year: of money and papers, of stock, and of work that is left undone."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, Sum

from shop.books import services as books
from shop.connections.models import CardChange
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.models.orders import Order, PayMethod, ShopTask, TaskKind
from shop.orders.states import OrderState
from shop.payments.models import GatewayEvent, Payment, PaymentAttempt, PaymentMethod, Refund
from shop.payments.states import LIVE_ATTEMPTS, LIVE_REFUNDS, RefundState
from shop.returns.models import Return
from shop.returns.states import NO_RETURNS, ReturnState
from shop.warranty.models import Claim
from shop.warranty.states import CLAIMS_OVER
from tests.peers.payments import Json
from tests.shop.invariants import MUST, ON_ACCOUNT
from tests.shop.year import ledgers, years
from tests.shop.year.world import World

MEANT = {TaskKind.REFUND_EXTERNAL, TaskKind.REFUND_FAILED, TaskKind.INVOICE_OVERDUE, TaskKind.OLD_UNIT_LATE}
"""Tasks that the plan makes staff look into."""

MOVED = {"succeeded", "pending"}
ABOUT_NO_GOODS = ["late", "twice"]
UNFINISHED = [
    OrderState.AWAITING_PAYMENT,
    OrderState.AWAITING_APPROVAL,
    OrderState.PAID,
    OrderState.ON_ACCOUNT,
    OrderState.PARTLY_SHIPPED,
    OrderState.SHIPPED,
]


def reckon(world: World) -> None:
    """Run all checks."""
    state = world.peer.state()
    for must in MUST:
        must(state)
    the_books_are_what_the_service_reports(state)
    only_what_was_meant_has_differed(world)
    nothing_is_left_lying()
    papers_are_the_money()
    assert world.office.taken_less
    years.reckon()
    ledgers.reckon(state)
    assert books.compare_nightly() == 0


def the_books_are_what_the_service_reports(state: Json) -> None:
    """Card payments and refunds are the service's, to the cent, for each payment."""
    cards = Payment.objects.filter(method=PaymentMethod.CARD)
    taken = {one["id"]: one["amount"] for one in state["intents"] if one["status"] == "succeeded"}
    assert dict(cards.values_list("gateway_id", "captured")) == taken
    given: Counter[str] = Counter()
    for one in state["refunds"]:
        if one["status"] in MOVED:
            given[one["payment_intent"]] += one["amount"]
    own = Refund.objects.filter(payment__in=cards, state__in=LIVE_REFUNDS)
    assert _sums(own, "payment__gateway_id", "cents") == given
    assert sum(taken.values()) > sum(given.values())


def only_what_was_meant_has_differed(world: World) -> None:
    """Staff had to look into refunds made outside, each of them once, and into what else was planned to go wrong."""
    found = ShopTask.objects.filter(kind=TaskKind.REFUND_EXTERNAL)
    assert sorted(task.facts["cents"] for task in found) == sorted(world.office.outside)
    assert set(world.office.settled) <= MEANT, world.office.settled
    assert not ShopTask.objects.filter(done_at__isnull=True).exists()


def nothing_is_left_lying() -> None:
    """Whatever waited for an answer, for a person or for its time has had it."""
    for waiting in (
        GatewayEvent.objects.filter(processed_at__isnull=True),
        PaymentAttempt.objects.filter(state__in=LIVE_ATTEMPTS),
        Refund.objects.filter(state__in=[RefundState.REQUESTED, RefundState.SUBMITTED, RefundState.PENDING]),
        Order.objects.filter(state__in=UNFINISHED).exclude(method=PayMethod.CHARGE),
        Return.objects.exclude(state__in=[ReturnState.CLOSED, *NO_RETURNS]),
        Claim.objects.exclude(state__in=CLAIMS_OVER),
        # Of one without a page nobody ever saw the page.
        CardChange.objects.filter(settled_at__isnull=True).exclude(session_id=""),
    ):
        left = [(row, getattr(row, "state", "")) for row in waiting]
        assert not left, left


def papers_are_the_money() -> None:
    """Invoices less credit notes are payments less refunds, and what is still owed."""
    invoiced = _sums(Invoice.objects.all(), "order", "total")
    credited = _sums(CreditNote.objects.all(), "invoice__order", "total")
    taken = _sums(Payment.objects.filter(order__in=list(invoiced)), "order", "captured")
    back = Refund.objects.filter(state=RefundState.SUCCEEDED)
    given = _sums(back, "payment__order", "cents")
    owed = {order: invoiced[order] - credited[order] - taken[order] + given[order] for order in invoiced}
    on_account = set(Order.objects.filter(method__in=ON_ACCOUNT).values_list("pk", flat=True))
    for_nothing = _sums(back.filter(source__in=ABOUT_NO_GOODS), "payment__order", "cents")
    assert not for_nothing.keys() & on_account
    wrong = {order: cents for order, cents in owed.items() if cents < 0 or (cents and order not in on_account)}
    assert not wrong, wrong


def _sums(rows: "QuerySet[Any]", by: str, column: str) -> Counter[str]:
    found: Iterable[tuple[str, int]] = rows.values_list(by).annotate(sum=Sum(column))
    return Counter(dict(found))
