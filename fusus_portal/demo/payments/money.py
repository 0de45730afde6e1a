"""Intents, charges and refunds of the engine, with the abilities that it lacks."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from fusus_portal.demo.payments.engine import Engine, EngineRefused
from fusus_portal.demo.payments.webhooks import Webhooks

Json = dict[str, Any]

EXPIRY = {"exp_month": 12, "exp_year": 2090, "cvc": "123"}
OTHER_ADDRESS = "4000000000000010"
"""A card whose bank knows its owner at another address than the one typed."""


class Declined(Exception):
    """The card was declined; the message is for the buyer."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def declined(error: EngineRefused) -> Declined:
    told = error.body.get("error", {})
    return Declined(told.get("message") or "Your card was declined.", told.get("code") or "card_declined")


@dataclass
class Money:
    """Everything that moved. over: fields that replace those of the engine's objects, by id.

    intents: id, time and customer of each, oldest first, so that a list need not ask the engine for all of them.
    """

    engine: Engine
    webhooks: Webhooks
    over: dict[str, Json] = field(default_factory=dict)
    intents: dict[str, Json] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def show(self, thing: Json) -> Json:
        shown = {**thing, **self.over.get(thing.get("id", ""), {})}
        if shown.get("object") == "payment_intent":
            charge = shown.get("latest_charge")
            shown["latest_charge"] = charge["id"] if isinstance(charge, dict) else charge
            shown["amount_received"] = shown["amount"] if shown["status"] == "succeeded" else 0
            shown.pop("charges", None)
        return shown

    def intent(self, pk: str) -> Json:
        return self.show(self.engine.ask("GET", f"/v1/payment_intents/{pk}"))

    def make_intent(self, told: Json) -> Json:
        made = self.show(self._dated(self.engine.ask("POST", "/v1/payment_intents", told)))
        self.intents[made["id"]] = {name: made[name] for name in ("id", "created", "customer")}
        return made

    def _dated(self, made: Json) -> Json:
        """Replace the engine's time of creation by the peer's own."""
        self.over[made["id"]] = {"created": int(self.webhooks.clock.now())}
        return made

    def confirm(self, pk: str, *, off_session: bool) -> Json:
        """Confirm an intent. Raises Declined, also if the card's owner must take a step and is absent."""
        try:
            made = self.engine.ask("POST", f"/v1/payment_intents/{pk}/confirm", {})
        except EngineRefused as error:
            if error.status != 402:
                raise
            self.webhooks.emit("payment_intent.payment_failed", self.intent(pk))
            raise declined(error) from error
        if made["status"] == "requires_action" and off_session:
            self.authenticate(pk, success=False)
            raise Declined("Your card was declined. It needs a step by its owner.", "authentication_required")
        return self._settled(pk)

    def authenticate(self, pk: str, *, success: bool) -> Json:
        """Take the step of 3-D Secure. Raises Declined."""
        secret = self.engine.ask("GET", f"/v1/payment_intents/{pk}")["client_secret"]
        told = {"client_secret": secret, "success": success}
        try:
            self.engine.ask("POST", f"/v1/payment_intents/{pk}/_authenticate", told)
        except EngineRefused as error:
            if error.status != 402:
                raise
            raise declined(error) from error
        if not success:
            self.webhooks.emit("payment_intent.payment_failed", self.intent(pk))
        return self._settled(pk)

    def _settled(self, pk: str) -> Json:
        intent = self.intent(pk)
        if intent["status"] == "succeeded":
            self.webhooks.emit("payment_intent.succeeded", intent)
        return intent

    def card(self, number: str, customer: str, address: Mapping[str, str] | None = None) -> str:
        """Keep a card with a customer; return its payment method. address: of its owner. Raises Declined."""
        card = {"number": number, **EXPIRY}
        try:
            made = self.engine.ask("POST", "/v1/payment_methods", {"type": "card", "card": card})
            self.engine.ask("POST", f"/v1/payment_methods/{made['id']}/attach", {"customer": customer})
        except EngineRefused as error:
            if error.status == 402:
                raise declined(error) from error
            raise Declined("Your card number is incorrect.", "incorrect_number") from error
        if address:
            said = "fail" if number == OTHER_ADDRESS else "pass"
            checks = {f"address_{part}_check": said for part in ("line1", "postal_code") if part in address}
            details = {"billing_details": {"address": dict(address)}, "card": {**made["card"], "checks": checks}}
            self.over[made["id"]] = details
        return str(made["id"])

    def method(self, pk: str) -> Json:
        return self.show(self.engine.ask("GET", f"/v1/payment_methods/{pk}"))

    def customer(self) -> str:
        return str(self.engine.ask("POST", "/v1/customers", {"description": uuid.uuid4().hex})["id"])

    def refund(self, told: Json) -> Json:
        """Make a refund. The engine takes any amount, so the caller must know how much is left."""
        made = self.show(self._dated(self.engine.ask("POST", "/v1/refunds", told)))
        self.webhooks.emit("refund.created", made)
        self.webhooks.emit("charge.refunded", self.charge(made["charge"]))
        return made

    def charge(self, pk: str) -> Json:
        return self.show(self.engine.ask("GET", f"/v1/charges/{pk}"))

    def refund_shown(self, pk: str) -> Json:
        return self.show(self.engine.ask("GET", f"/v1/refunds/{pk}"))

    def turn(self, pk: str, status: str, reason: str = "") -> Json:
        """Make a refund pending, failed or successful, as banks do days later."""
        self.over[pk] = {**self.over.get(pk, {}), "status": status, "failure_reason": reason or None}
        turned = self.refund_shown(pk)
        self.webhooks.emit("refund.failed" if status == "failed" else "refund.updated", turned)
        return turned

    def forget(self) -> None:
        self.engine.forget()
        self.over.clear()
        self.intents.clear()
