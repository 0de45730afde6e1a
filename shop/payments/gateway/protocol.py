"""What the shop asks of a payment service. `shop.payments.gateway.client` is the one that is used."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shop.payments.gateway.answers import GatewayRefund, Intent, Item, Session


class Gateway(Protocol):
    """Every function may raise `Unknown` or `Failed` and its kinds, and no other exception.

    key: id of our own row, the idempotency key. None is used twice for different things, and one call is never
    repeated by the client itself. Nothing here is called inside a transaction that holds a lock on more than the row
    that it is about.
    """

    def create_session(
        self,
        *,
        key: UUID,
        items: Sequence[Item],
        currency: str,
        client_reference: str,
        email: str,
        language: str,
        success_url: str,
        cancel_url: str,
        expires_at: datetime,
        metadata: Mapping[str, str],
        customer: str = "",
        save_card: bool = False,
    ) -> Session:
        """Make a payment page. metadata stands on the session and on what is paid there."""

    def retrieve_session(self, *, session_id: str) -> Session:
        """Return a payment page as it is now. Raises Missing."""

    def expire_session(self, *, session_id: str) -> Session:
        """End a payment page that is open, so that nobody pays on it any more. Raises Failed when it is not open."""

    def create_setup_session(
        self,
        *,
        key: UUID,
        customer: str,
        email: str,
        language: str,
        success_url: str,
        cancel_url: str,
        metadata: Mapping[str, str],
    ) -> Session:
        """Make a page where the customer leaves another card, and pays nothing. customer: "" for a new one."""

    def detach_card(self, *, method: str) -> None:
        """Let the service forget a saved card. Raises Missing."""

    def create_intent(
        self, *, key: UUID, amount: int, currency: str, customer: str, method: str, metadata: Mapping[str, str]
    ) -> Intent:
        """Write down a payment without a page; no money moves before `confirm_intent`."""

    def confirm_intent(self, *, intent_id: str, key: UUID) -> Intent:
        """Take the money, without the customer. Raises Declined or NeedsPerson."""

    def list_intents(self, *, customer: str) -> Sequence[Intent]:
        """Return every payment of a customer of the service."""

    def retrieve_intent(self, *, intent_id: str) -> Intent:
        """Return a payment as it is now. Raises Missing."""

    def create_refund(self, *, key: UUID, intent_id: str, amount: int, metadata: Mapping[str, str]) -> GatewayRefund:
        """Pay back so many cents of a payment."""

    def list_refunds(self, *, intent_id: str) -> Sequence[GatewayRefund]:
        """Return every refund of a payment, on however many pages the service gives them."""

    def retrieve_refund(self, *, refund_id: str) -> GatewayRefund:
        """Return a refund as it is now. Raises Missing."""
