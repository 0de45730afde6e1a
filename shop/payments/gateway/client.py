"""The payment service Stripe: no other module talks to it. No call is ever repeated here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import stripe
from django.conf import settings

from shop.payments.gateway import answers
from shop.payments.gateway.answers import GatewayRefund, Intent, Notice, Session, our_faults

Read = TypeVar("Read")

PAGE = 100
EXPANDED = ["payment_intent.payment_method", "setup_intent.payment_method"]
"""Objects that answers contain in full: the card that somebody paid with, or saved."""


class StripeGateway:
    """The service at one address, with one key. Its functions raise only `Unknown`, `Failed` or `Missing`.

    The library never repeats a call (`max_network_retries=0`): with the default, a lost answer made two refunds at a
    service that ignores the idempotency key. If the result of a call is `Unknown`, callers look for it before they make
    anything again.

    key: id of the row of the portal, the idempotency key. No key is used for two things. Nothing is called inside a
    transaction that locks more than the row that the call is about.
    """

    def __init__(self, *, key: str, base: str, timeout: float) -> None:
        # Only what a payment needs is sent, nothing about this machine.
        stripe.enable_telemetry = False
        self.library = stripe.StripeClient(
            key,
            base_addresses={"api": base},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=timeout),
        )

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
        """Create a payment page. items: names and cents. metadata: of page and payment, with an "order"."""
        intent: dict[str, Any] = {"metadata": dict(metadata)}
        if save_card:
            intent["setup_future_usage"] = "off_session"
        params: Any = {
            "mode": "payment",
            "line_items": [_line(name, cents, currency) for name, cents in items],
            "client_reference_id": metadata["order"],
            "locale": language,
            "success_url": return_to,
            "cancel_url": return_to,
            "expires_at": int(expires_at.timestamp()),
            "metadata": dict(metadata),
            # The card's bank compares it, which confirms the buyer's place there.
            "billing_address_collection": "required",
            "payment_intent_data": intent,
            **_payer(customer, email, is_kept=save_card),
        }
        return self._page(key, params)

    def retrieve_session(self, *, session_id: str) -> Session:
        with our_faults():
            found = self.library.v1.checkout.sessions.retrieve(session_id, params={"expand": EXPANDED})
            return answers.session(_plain(found))

    def expire_session(self, *, session_id: str) -> Session:
        """Close a payment page, so that nobody can pay on it any more. Raises Failed if it is not open."""
        with our_faults():
            return answers.session(_plain(self.library.v1.checkout.sessions.expire(session_id)))

    def create_setup_session(
        self, *, key: UUID, customer: str, email: str, language: str, return_to: str, metadata: Mapping[str, str]
    ) -> Session:
        """Create a page on which a customer saves another card, and pays nothing. customer: "" for a new customer."""
        params: Any = {
            "mode": "setup",
            "currency": "usd",
            **_payer(customer, email),
            "locale": language,
            "success_url": return_to,
            "cancel_url": return_to,
            "metadata": dict(metadata),
            "setup_intent_data": {"metadata": dict(metadata)},
        }
        return self._page(key, params)

    def create_intent(
        self, *, key: UUID, amount: int, currency: str, customer: str, method: str, metadata: Mapping[str, str]
    ) -> Intent:
        """Create a payment without a page; no money moves before `confirm_intent`."""
        params: Any = {
            "amount": amount,
            "currency": currency,
            "customer": customer,
            "payment_method": method,
            "metadata": dict(metadata),
            # The customer is absent, so nobody could be sent to a page of a bank.
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
        with our_faults():
            return answers.intent(_plain(self.library.v1.payment_intents.create(params=params, options=_key(key))))

    def confirm_intent(self, *, intent_id: str, key: UUID) -> Intent:
        """Take the money of a payment, while the customer is absent. Raises Failed if the card is declined."""
        with our_faults():
            options: stripe.RequestOptions = {"idempotency_key": f"{key}-confirm"}
            made = self.library.v1.payment_intents.confirm(intent_id, params={"off_session": True}, options=options)
            return answers.intent(_plain(made))

    def list_intents(self, *, customer: str) -> Sequence[Intent]:
        with our_faults():
            found = self.library.v1.payment_intents.list(params={"customer": customer, "limit": PAGE})
            return read_all(found, answers.intent)

    def detach_card(self, *, method: str) -> None:
        with our_faults():
            self.library.v1.payment_methods.detach(method)

    def retrieve_intent(self, *, intent_id: str) -> Intent:
        with our_faults():
            found = self.library.v1.payment_intents.retrieve(intent_id, params={"expand": ["payment_method"]})
            return answers.intent(_plain(found))

    def create_refund(self, *, key: UUID, intent_id: str, amount: int, metadata: Mapping[str, str]) -> GatewayRefund:
        """Refund a part of a payment. amount: cents."""
        params: Any = {"payment_intent": intent_id, "amount": amount, "metadata": dict(metadata)}
        with our_faults():
            return answers.refund(_plain(self.library.v1.refunds.create(params=params, options=_key(key))))

    def list_refunds(self, *, intent_id: str) -> Sequence[GatewayRefund]:
        """Return every refund of a payment, on all pages of the service."""
        with our_faults():
            found = self.library.v1.refunds.list(params={"payment_intent": intent_id, "limit": PAGE})
            return read_all(found, answers.refund)

    def retrieve_refund(self, *, refund_id: str) -> GatewayRefund:
        with our_faults():
            return answers.refund(_plain(self.library.v1.refunds.retrieve(refund_id)))

    def _page(self, key: UUID, params: Any) -> Session:
        with our_faults():
            return answers.session(_plain(self.library.v1.checkout.sessions.create(params=params, options=_key(key))))


_made = lru_cache(maxsize=4)(StripeGateway)


def make() -> StripeGateway:
    """Return the service that the settings name. No other function creates a client."""
    key, base = settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE
    return _made(key=key, base=base, timeout=settings.STRIPE_TIMEOUT_SECONDS)


def _line(name: str, cents: int, currency: str) -> dict[str, Any]:
    price = {"currency": currency, "unit_amount": cents, "product_data": {"name": name}}
    return {"price_data": price, "quantity": 1}


def _payer(customer: str, email: str, *, is_kept: bool = True) -> dict[str, str]:
    if customer:
        return {"customer": customer}
    # Charging a card later without its owner needs a customer of the service; otherwise it makes none.
    return {"customer_email": email, "customer_creation": "always" if is_kept else "if_required"}


def _key(key: UUID) -> stripe.RequestOptions:
    return {"idempotency_key": str(key)}


def _plain(made: stripe.StripeObject) -> dict[str, Any]:
    plain: dict[str, Any] = made.to_dict()
    return plain


def read_all(found: stripe.ListObject[Any], read: Callable[[Mapping[str, Any]], Read]) -> list[Read]:
    """Return everything in a list of the service, from all pages of the list."""
    return [read(_plain(one)) for one in found.auto_paging_iter()]


_makers: list[Callable[[], StripeGateway]] = [make]


def use(make: Callable[[], StripeGateway]) -> None:
    """Replace the payment service by the one that `make` returns, anew for each call."""
    _makers[:] = [make]


def gateway() -> StripeGateway:
    return _makers[0]()


def list_undelivered(*, since: datetime) -> Sequence[Notice]:
    """Return the notices that the service could not deliver, oldest first."""
    with our_faults():
        params: Any = {"delivery_success": False, **_since(since)}
        found = make().library.v1.events.list(params=params)
        return read_all(found, answers.notice_of)[::-1]


def list_sessions(*, since: datetime) -> Sequence[Session]:
    return _listed(lambda: make().library.v1.checkout.sessions, answers.session, since)


def list_intents(*, since: datetime, until: datetime | None = None) -> Sequence[Intent]:
    return _listed(lambda: make().library.v1.payment_intents, answers.intent, since, until)


def list_refunds(*, since: datetime, until: datetime | None = None) -> Sequence[GatewayRefund]:
    """Return the refunds made from `since` to `until`, also those made in the service's dashboard."""
    return _listed(lambda: make().library.v1.refunds, answers.refund, since, until)


def _listed(
    kind: Callable[[], Any], read: Callable[[Mapping[str, Any]], Read], since: datetime, until: datetime | None = None
) -> list[Read]:
    with our_faults():
        return read_all(kind().list(params=_since(since, until)), read)


def _since(since: datetime, until: datetime | None = None) -> Mapping[str, object]:
    created = {"gte": int(since.timestamp())}
    if until is not None:
        created["lte"] = int(until.timestamp())
    return {"created": created, "limit": PAGE}
