import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fusus_portal.ground.geo.geocoding import Address
from shop.payments.gateway.answers import (
    GatewayRefund,
    Intent,
    IntentStatus,
    RefundStatus,
    SavedCard,
    Session,
    SessionStatus,
)

Json = Mapping[str, Any]

INTENT = {
    "requires_payment_method": IntentStatus.NEW,
    "requires_confirmation": IntentStatus.NEW,
    "requires_action": IntentStatus.NEEDS_PERSON,
    "requires_capture": IntentStatus.PROCESSING,
    "processing": IntentStatus.PROCESSING,
    "succeeded": IntentStatus.SUCCEEDED,
    "canceled": IntentStatus.CANCELLED,
}

REFUND = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.CANCELLED,
}
"""A status that is not here makes the answer unreadable, so that nothing is settled by it."""


BRAND, LAST4 = re.compile(r"[a-z_]{1,20}"), re.compile(r"[0-9]{4}")


def session(told: Json) -> Session:
    """Return a payment page. Raises KeyError or ValueError if it can't be one."""
    intent, setup = told.get("payment_intent"), told.get("setup_intent")
    status = SessionStatus(told["status"])
    paid = told["payment_status"] == "paid"
    return Session(
        id=told["id"],
        mode=told["mode"],
        status=status,
        paid=paid,
        amount=told.get("amount_total"),
        currency=told.get("currency") or "",
        url=told.get("url") or "",
        client_reference=told.get("client_reference_id") or "",
        customer=identity(told.get("customer")),
        intent_id=identity(intent),
        method=identity(intent.get("payment_method")) if isinstance(intent, Mapping) else "",
        setup_method=identity(setup.get("payment_method")) if isinstance(setup, Mapping) else "",
        card=card(next((each.get("payment_method") for each in (intent, setup) if isinstance(each, Mapping)), None)),
        checked_address=checked_address(intent.get("payment_method")) if isinstance(intent, Mapping) else None,
        failed=status == SessionStatus.COMPLETE and not paid and _fell_through(intent),
        expires_at=moment(told.get("expires_at")),
        metadata=dict(told.get("metadata") or {}),
    )


def _fell_through(intent: object) -> bool:
    return isinstance(intent, Mapping) and intent.get("status") in {"requires_payment_method", "canceled"}


def intent(told: Json) -> Intent:
    """Return a payment. Raises KeyError if it can't be one."""
    error = told.get("last_payment_error") or {}
    failure = str(error.get("decline_code") or error.get("code") or "")[:80]
    status = INTENT[told["status"]]
    return Intent(
        id=told["id"],
        status=IntentStatus.FAILED if failure and status == IntentStatus.NEW else status,
        amount=told["amount"],
        captured=told.get("amount_received") or 0,
        currency=told["currency"],
        customer=identity(told.get("customer")),
        method=identity(told.get("payment_method")),
        card=card(told.get("payment_method")),
        failure=failure,
        made_at=moment(told.get("created")),
        metadata=dict(told.get("metadata") or {}),
    )


def refund(told: Json) -> GatewayRefund:
    """Return a refund. Raises KeyError if it can't be one."""
    return GatewayRefund(
        id=told["id"],
        intent_id=identity(told.get("payment_intent")),
        status=REFUND[told["status"]],
        amount=told["amount"],
        currency=told["currency"],
        failure=str(told.get("failure_reason") or "")[:80],
        made_at=moment(told.get("created")),
        metadata=dict(told.get("metadata") or {}),
    )


def card(method: object) -> SavedCard:
    """Return the card of a payment method given in full. It only tells people which: a strange one becomes none."""
    told = method.get("card") if isinstance(method, Mapping) else None
    if not isinstance(told, Mapping):
        return SavedCard()
    brand, last4 = str(told.get("brand")), str(told.get("last4"))
    return SavedCard(brand, last4) if BRAND.fullmatch(brand) and LAST4.fullmatch(last4) else SavedCard()


def checked_address(method: object) -> Address | None:
    """Return the address of a payment method given in full, if the card's bank confirmed street and ZIP code."""
    if not isinstance(method, Mapping):
        return None
    checks = (method.get("card") or {}).get("checks") or {}
    told = (method.get("billing_details") or {}).get("address") or {}
    if any(checks.get(f"address_{part}_check") != "pass" for part in ("line1", "postal_code")):
        return None
    return Address(*(str(told.get(part) or "")[:120] for part in ("line1", "city", "state", "postal_code")))


def identity(thing: object) -> str:
    """Return the id of an object that is given by its id or in full; "" for none."""
    if isinstance(thing, Mapping):
        return str(thing["id"])
    return str(thing or "")


def moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
