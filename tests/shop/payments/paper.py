"""A payment service on paper: it keeps its own books in memory, ignores idempotency keys, and can be told to fail.

Like the peer it refunds more than was captured when asked to, so that the portal's own guards are what is tested.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from uuid import UUID

from shop.payments.gateway.answers import (
    Failed,
    GatewayFault,
    GatewayRefund,
    Intent,
    IntentStatus,
    Missing,
    RefundStatus,
    SavedCard,
    Session,
    SessionStatus,
)
from shop.payments.gateway.client import StripeGateway

VISA = SavedCard("visa", "4242")


class Paper(StripeGateway):
    """The service. faults: by function, what its next calls raise; `before` it is done, or after (an answer lost)."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.intents: dict[str, Intent] = {}
        self.refunds: dict[str, GatewayRefund] = {}
        self.before: dict[str, list[GatewayFault]] = {}
        self.after: dict[str, list[GatewayFault]] = {}
        self.calls: list[str] = []
        self.next_refund = RefundStatus.SUCCEEDED
        self.next_charge: GatewayFault | None = None
        self.detached: list[str] = []
        self._numbers = count(1)
        self._lock = threading.Lock()

    def __deepcopy__(self, known: object) -> "Paper":
        """Return another with the same books."""
        copy = Paper()
        copy.sessions, copy.intents, copy.refunds = dict(self.sessions), dict(self.intents), dict(self.refunds)
        return copy

    @contextmanager
    def _call(self, name: str) -> Iterator[None]:
        with self._lock:
            self.calls.append(name)
            if planned := self.before.get(name):
                raise planned.pop(0)
            yield
            if planned := self.after.get(name):
                raise planned.pop(0)

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{id(self)}_{next(self._numbers)}"

    # What the portal asks.

    def create_session(
        self,
        *,
        key: UUID,
        items: Sequence[tuple[str, int]],
        currency: str,
        email: str,
        language: str,
        return_to: str,
        expires_at: datetime,
        metadata: Mapping[str, str],
        customer: str = "",
        save_card: bool = False,
    ) -> Session:
        with self._call("create_session"):
            made = Session(
                id=self._id("cs"),
                status=SessionStatus.OPEN,
                paid=False,
                amount=sum(cents for _name, cents in items),
                currency=currency,
                url="https://pay.example/page",
                customer=customer,
                metadata=dict(metadata),
            )
            self.sessions[made.id] = made
        return made

    def retrieve_session(self, *, session_id: str) -> Session:
        with self._call("retrieve_session"):
            if session_id not in self.sessions:
                raise Missing("resource_missing")
            return self.sessions[session_id]

    def expire_session(self, *, session_id: str) -> Session:
        with self._call("expire_session"):
            if self.sessions[session_id].status != SessionStatus.OPEN:
                raise Failed("not_open")
            return self._change(session_id, status=SessionStatus.EXPIRED)

    def create_setup_session(
        self,
        *,
        key: UUID,
        customer: str,
        email: str,
        language: str,
        return_to: str,
        metadata: Mapping[str, str],
    ) -> Session:
        with self._call("create_setup_session"):
            made = Session(
                id=self._id("cs"),
                status=SessionStatus.OPEN,
                paid=False,
                amount=None,
                currency="usd",
                url="https://pay.example/page",
                customer=customer or self._id("cus"),
                metadata=dict(metadata),
            )
            self.sessions[made.id] = made
        return made

    def detach_card(self, *, method: str) -> None:
        with self._call("detach_card"):
            self.detached.append(method)

    def create_intent(
        self, *, key: UUID, amount: int, currency: str, customer: str, method: str, metadata: Mapping[str, str]
    ) -> Intent:
        with self._call("create_intent"):
            made = Intent(
                self._id("pi"), IntentStatus.NEW, amount, 0, currency, customer, method, metadata=dict(metadata)
            )
            self.intents[made.id] = made
        return made

    def confirm_intent(self, *, intent_id: str, key: UUID) -> Intent:
        with self._call("confirm_intent"):
            if self.next_charge is not None:
                fault = self.next_charge
                self.intents[intent_id] = replace(
                    self.intents[intent_id], status=IntentStatus.FAILED, failure=fault.code
                )
                raise fault
            paid = replace(
                self.intents[intent_id], status=IntentStatus.SUCCEEDED, captured=self.intents[intent_id].amount
            )
            self.intents[intent_id] = paid
        return paid

    def list_intents(self, *, customer: str) -> Sequence[Intent]:
        with self._call("list_intents"):
            return [intent for intent in self.intents.values() if intent.customer == customer]

    def retrieve_intent(self, *, intent_id: str) -> Intent:
        with self._call("retrieve_intent"):
            return self.intents[intent_id]

    def create_refund(self, *, key: UUID, intent_id: str, amount: int, metadata: Mapping[str, str]) -> GatewayRefund:
        with self._call("create_refund"):
            made = GatewayRefund(self._id("re"), intent_id, self.next_refund, amount, metadata=dict(metadata))
            self.refunds[made.id] = made
        return made

    def list_refunds(self, *, intent_id: str) -> Sequence[GatewayRefund]:
        with self._call("list_refunds"):
            return [refund for refund in self.refunds.values() if refund.intent_id == intent_id]

    def retrieve_refund(self, *, refund_id: str) -> GatewayRefund:
        with self._call("retrieve_refund"):
            return self.refunds[refund_id]

    # What happens there.

    def pay(self, session_id: str, **otherwise: object) -> Session:
        """Let the buyer pay on a page."""
        page = self.sessions[session_id]
        intent, customer = page.intent_id or self._id("pi"), page.customer or self._id("cus")
        done = {"status": SessionStatus.COMPLETE, "paid": True, "intent_id": intent, "customer": customer}
        paid = self._change(session_id, **{**done, "method": self._id("pm"), "card": VISA, **otherwise})
        amount = paid.amount or 0
        self.intents[intent] = Intent(intent, IntentStatus.SUCCEEDED, amount, amount, "usd", customer, paid.method)
        return paid

    def leave_card(self, session_id: str) -> Session:
        """Let the buyer leave another card on a page."""
        return self._change(session_id, status=SessionStatus.COMPLETE, setup_method=self._id("pm"), card=VISA)

    def process(self, session_id: str) -> Session:
        """Let the page be done with, and its money be on the way."""
        return self._change(session_id, status=SessionStatus.COMPLETE, intent_id=self._id("pi"))

    def bounce(self, session_id: str) -> Session:
        """Let the money not come after all."""
        return self._change(session_id, failed=True)

    def expire(self, session_id: str) -> Session:
        """Let the page end by its clock."""
        return self._change(session_id, status=SessionStatus.EXPIRED)

    def move(self, refund_id: str, status: RefundStatus) -> GatewayRefund:
        """Let a refund become something else."""
        self.refunds[refund_id] = replace(self.refunds[refund_id], status=status)
        return self.refunds[refund_id]

    def refund_by_hand(
        self, intent_id: str, amount: int, status: RefundStatus = RefundStatus.SUCCEEDED
    ) -> GatewayRefund:
        """Let somebody refund in the dashboard."""
        made = GatewayRefund(self._id("re"), intent_id, status, amount)
        self.refunds[made.id] = made
        return made

    def refunded(self, intent_id: str) -> int:
        """Return what went back of a payment, in cents."""
        gone = (RefundStatus.PENDING, RefundStatus.SUCCEEDED)
        return sum(each.amount for each in self.refunds.values() if each.intent_id == intent_id and each.status in gone)

    def _change(self, session_id: str, **changes: object) -> Session:
        self.sessions[session_id] = replace(self.sessions[session_id], **changes)  # type: ignore[arg-type]
        return self.sessions[session_id]
