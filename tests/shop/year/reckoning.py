"""What must be true in the end, whatever happened: of money, papers, stock, terms, and of what is stuck."""

from collections import Counter
from itertools import pairwise

from django.db.models import Q, Sum

from shop.models import (
    CreditNote,
    GatewayEvent,
    Invoice,
    Order,
    Payment,
    PaymentAttempt,
    PaymentMethod,
    Refund,
    Return,
    ShopTask,
    Subscription,
    Term,
)
from shop.services import reconciling
from shop.states import LIVE_ATTEMPTS, LIVE_REFUNDS, OPEN_REFUNDS, OrderState, RefundState, ReturnState
from tests.peers.payments import Json
from tests.shop.invariants import MUST
from tests.shop.year.world import World

MOVED = {"succeeded", "pending"}


def reckon(world: World) -> None:
    """Assert all of it."""
    state = world.peer.state()
    for must in MUST:
        must(state)
    the_books_are_what_the_service_reports(state)
    nothing_differs()
    nothing_is_stuck()
    papers_are_the_money()
    terms_follow_one_another()


def the_books_are_what_the_service_reports(state: Json) -> None:
    """Of cards: taken and given back, to the cent, and for each payment."""
    cards = Payment.objects.filter(method=PaymentMethod.CARD)
    taken = {one["id"]: one["amount"] for one in state["intents"] if one["status"] == "succeeded"}
    assert dict(cards.values_list("gateway_id", "captured")) == taken
    given: Counter[str] = Counter()
    for one in state["refunds"]:
        if one["status"] in MOVED:
            given[one["payment_intent"]] += one["amount"]
    own = Refund.objects.filter(payment__in=cards, state__in=LIVE_REFUNDS)
    assert Counter(dict(own.values_list("payment__gateway_id").annotate(sum=Sum("cents")))) == given
    assert sum(taken.values()) > 0 < sum(given.values())


def nothing_differs() -> None:
    """The comparison finds nothing, and nobody has anything left to look into."""
    assert reconciling.nightly() == 0
    assert not ShopTask.objects.filter(done_at__isnull=True).exists()


def nothing_is_stuck() -> None:
    """Whatever waited for an answer, for a person or for its time has had it."""
    assert not GatewayEvent.objects.filter(processed_at__isnull=True).exists()
    assert not PaymentAttempt.objects.filter(state__in=LIVE_ATTEMPTS).exists()
    assert not Refund.objects.filter(state__in=[RefundState.REQUESTED, *OPEN_REFUNDS]).exists()
    waiting = [OrderState.AWAITING_PAYMENT, OrderState.AWAITING_APPROVAL, OrderState.PAID, OrderState.PARTLY_SHIPPED]
    assert not Order.objects.filter(state__in=waiting).exists()
    over = [ReturnState.CLOSED, ReturnState.REJECTED, ReturnState.WITHDRAWN, ReturnState.DECLINED]
    assert not Return.objects.exclude(state__in=over).exists()


def papers_are_the_money() -> None:
    """Invoices without credit notes are what was taken without what was given back, and what is still owed."""
    about_goods = Q(source__in=["late", "twice"])
    for order in Order.objects.filter(invoices__isnull=False).distinct():
        invoiced = sum(invoice.total for invoice in Invoice.objects.filter(order=order))
        credited = sum(note.total for note in CreditNote.objects.filter(invoice__order=order))
        taken = sum(payment.captured for payment in order.payments.all())
        back = Refund.objects.filter(payment__order=order, state=RefundState.SUCCEEDED)
        given = sum(refund.cents for refund in back.exclude(about_goods))
        for_nothing = sum(refund.cents for refund in back.filter(about_goods))
        due = invoiced - credited - (taken - for_nothing - given)
        assert due >= 0, order.number
        assert due == 0 or order.method == "purchase_order", order.number


def terms_follow_one_another() -> None:
    """Of a CORE no two years overlap, none is missing between two, and none begins after it has ended."""
    assert Term.objects.exists()
    for subscription in Subscription.objects.prefetch_related("terms"):
        terms = sorted(subscription.terms.all(), key=lambda term: term.starts_on)
        for before, after in pairwise(terms):
            assert before.ends_on <= after.starts_on
        if subscription.ended_at is not None:
            assert all(term.starts_on <= subscription.ended_at.date() for term in terms)
