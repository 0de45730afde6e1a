"""How a row of the shop takes a step: the lifecycle is asked, the state written, the entry recorded."""

from collections.abc import Mapping
from types import MappingProxyType

from audit.actors import Actor
from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Lifecycle
from registry.services.acting import actor_of
from shop.claim_states import CLAIM, ClaimState
from shop.models import Claim, Order, PaymentAttempt, Refund, Return, Shipment, Subscription
from shop.states import (
    ATTEMPT,
    ORDER,
    REFUND,
    RETURN,
    SHIPMENT,
    SUBSCRIPTION,
    AttemptState,
    OrderState,
    RefundState,
    ReturnState,
    ShipmentState,
    SubscriptionState,
)

Facts = Mapping[str, int | str]
NO_FACTS: Facts = MappingProxyType({})
Row = Order | PaymentAttempt | Refund | Return | Shipment | Subscription | Claim


def order(row: Order, target: OrderState, by: User | Actor, *, role: str = "", facts: Facts = NO_FACTS) -> Order:
    """Take a step of a locked order with its entry, inside the caller's transaction. Raises Refused or Stale.

    role: as whom, when that is not the role of the account.
    """
    _take(ORDER, row, target, actor_of(by), role=role, facts={"total": row.total, **facts})
    return row


def attempt(row: PaymentAttempt, target: AttemptState, by: User | Actor, *, role: str = "") -> PaymentAttempt:
    """Take a step of a locked attempt. Raises as `order`."""
    _take(ATTEMPT, row, target, actor_of(by), role=role, facts={"order": str(row.order_id), "cents": row.cents})
    return row


def refund(row: Refund, target: RefundState, by: User | Actor) -> Refund:
    """Take a step of a locked refund. Raises as `order`."""
    _take(REFUND, row, target, actor_of(by), role="", facts={"payment": str(row.payment_id), "cents": row.cents})
    return row


def subscription(row: Subscription, target: SubscriptionState, by: User | Actor) -> Subscription:
    """Take a step of a locked subscription. Raises as `order`."""
    _take(SUBSCRIPTION, row, target, actor_of(by), role="", facts={"core": str(row.core_id)})
    return row


def claim(row: Claim, target: ClaimState, by: User | Actor, *, facts: Facts = NO_FACTS) -> Claim:
    """Take a step of a locked claim. Raises as `order`."""
    said = {"core": str(row.core_id), "number": row.number, **facts}
    _take(CLAIM, row, target, actor_of(by), role="", facts=said)
    return row


def back(row: Return, target: ReturnState, by: User | Actor, *, facts: Facts = NO_FACTS, reason: str = "") -> Return:
    """Take a step of a locked return. reason: for the log, where it is not the row's own. Raises as `order`."""
    said = {"core": str(row.core_id), "order": str(row.order_id), **facts}
    _take(RETURN, row, target, actor_of(by), role="", facts=said, reason=reason)
    return row


def shipment(row: Shipment, target: ShipmentState, by: User | Actor, *, facts: Facts = NO_FACTS) -> Shipment:
    """Take a step of a locked parcel. Raises as `order`."""
    more = {"order": str(row.order_id), "number": row.number, **facts}
    _take(SHIPMENT, row, target, actor_of(by), role="", facts=more)
    return row


def _take(
    lifecycle: Lifecycle, row: Row, target: str, actor: Actor, *, role: str, facts: Facts, reason: str = ""
) -> None:
    rule = lifecycle.check(source=row.state, target=target, role=role or actor.role, subject=row.subject)
    row.state = target
    row.save()
    record(event=Event(rule.event), actor=actor, subject=row.subject, facts=facts, reason=reason)
