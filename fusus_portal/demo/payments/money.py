"""Intents, charges, refunds and cards: the engine's, with abilities that it lacks; and signed webhooks about them.

Webhooks are delivered at once and tried again, or sent when a test asks. A test may move the peer's time ahead.
"""

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from threading import RLock

from fusus_portal.demo.payments.engine import Engine, EngineRefused
from fusus_portal.demo.payments.parameters import Json


class Clock:
    """The peer's clock, in seconds since 1970. ahead: seconds by which a test has moved it ahead."""

    ahead: float = 0.0

    def now(self) -> float:
        return time.time() + self.ahead


SECONDS_TO_DELIVER = 10.0
PAUSES = (0.0, 1.0, 5.0, 30.0, 120.0)
"""Seconds before each try to deliver a webhook."""
API_VERSION = "2026-10-28.peer"


@dataclass
class Webhooks:
    """All events so far, as webhooks. mode: "deliver" (and try again), "twice", or "keep" (sent only on request)."""

    clock: Clock
    url: str = ""
    secret: str = ""
    mode: str = "deliver"
    events: dict[str, Json] = field(default_factory=dict)
    delivered: set[str] = field(default_factory=set)

    def emit(self, kind: str, thing: Json) -> None:
        event: Json = {
            "id": f"evt_{uuid.uuid4().hex[:24]}",
            "object": "event",
            "api_version": API_VERSION,
            "created": int(self.clock.now()),
            "livemode": False,
            "type": kind,
            "data": {"object": json.loads(json.dumps(thing))},
            "request": {"id": None, "idempotency_key": None},
        }
        self.events[event["id"]] = event
        if self.url and self.mode != "keep":
            threading.Thread(target=self._try, args=[event["id"]], daemon=True).start()

    def export(self, event: Json) -> Json:
        return {**event, "pending_webhooks": int(event["id"] not in self.delivered)}

    def signed(self, event: str, *, age: int = 0, wrong: bool = False) -> tuple[bytes, str]:
        """Return an event's payload and signature. age: seconds since signing. wrong: sign with another secret."""
        payload = json.dumps(self.export(self.events[event]), indent=2, sort_keys=True).encode()
        secret = "whsec_of_somebody_else" if wrong else self.secret
        at = int(self.clock.now()) - age
        signature = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
        return payload, f"t={at},v1={signature}"

    def deliver(self, event: str, *, age: int = 0, wrong: bool = False) -> int:
        """Deliver an event to the portal once; return the HTTP status of its answer, 0 without an answer."""
        payload, header = self.signed(event, age=age, wrong=wrong)
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
        request = urllib.request.Request(self.url, payload, headers)  # noqa: S310  (a web address, set by us)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS_TO_DELIVER) as answer:  # noqa: S310
                self.delivered.add(event)
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def listed(self, query: Json) -> list[Json]:
        since = int(query.get("created", {}).get("gte", 0))
        found = [event for event in self.events.values() if event["created"] >= since]
        if (wanted := query.get("delivery_success")) is not None:
            found = [event for event in found if (event["id"] in self.delivered) == (wanted == "true")]
        return [self.export(event) for event in reversed(found)]

    def forget(self) -> None:
        self.events.clear()
        self.delivered.clear()
        self.url, self.mode = "", "deliver"

    def _try(self, event: str) -> None:
        for pause in PAUSES:
            time.sleep(pause)
            if event not in self.events or self.mode == "keep":
                return
            if 200 <= self.deliver(event) < 300:
                if self.mode == "twice":
                    self.deliver(event)
                return


EXPIRY = {"exp_month": 12, "exp_year": 2090, "cvc": "123"}
OTHER_ADDRESS = "4000000000000010"
"""Number of a card whose bank knows its owner at another address than the one typed."""


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
    """The engine's objects as the service would show them. over: fields that replace an object's own, by its id.

    intents: id, time and customer of each intent, oldest first, so that a list need not ask the engine for all of them.
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

    def find(self, kind: str, pk: str) -> Json:
        """Return an object as the service would show it. kind: its plural in addresses, "charges"."""
        return self.show(self.engine.ask("GET", f"/v1/{kind}/{pk}"))

    def intent(self, pk: str) -> Json:
        return self.find("payment_intents", pk)

    def make_intent(self, told: Json) -> Json:
        made = self.show(self._dated(self.engine.ask("POST", "/v1/payment_intents", told)))
        self.intents[made["id"]] = {name: made[name] for name in ("id", "created", "customer")}
        return made

    def _dated(self, made: Json) -> Json:
        self.over[made["id"]] = {"created": int(self.webhooks.clock.now())}
        return made

    def confirm(self, pk: str, *, off_session: bool) -> Json:
        """Confirm an intent. Raises Declined, also if the card needs 3-D Secure off_session, without its owner."""
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
        """Answer 3-D Secure for an intent, as the card's owner. Raises Declined."""
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

    def card(self, number: str, customer: str, address: Json | None = None) -> str:
        """Save a customer's card; return the payment method's id. address: billing address. Raises Declined."""
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
            details = {"billing_details": {"address": address}, "card": {**made["card"], "checks": checks}}
            self.over[made["id"]] = details
        return str(made["id"])

    def customer(self) -> str:
        return str(self.engine.ask("POST", "/v1/customers", {"description": uuid.uuid4().hex})["id"])

    def refund(self, told: Json) -> Json:
        """Make a refund of any amount: neither the engine nor the peer checks that so much is left to refund."""
        made = self.show(self._dated(self.engine.ask("POST", "/v1/refunds", told)))
        self.webhooks.emit("refund.created", made)
        self.webhooks.emit("charge.refunded", self.find("charges", made["charge"]))
        return made

    def turn(self, pk: str, status: str, reason: str = "") -> Json:
        """Make a refund pending, failed or successful, as banks do days later."""
        self.over[pk] = {**self.over.get(pk, {}), "status": status, "failure_reason": reason or None}
        turned = self.find("refunds", pk)
        self.webhooks.emit("refund.failed" if status == "failed" else "refund.updated", turned)
        return turned

    def forget(self) -> None:
        self.engine.ask("DELETE", "/_config/data")
        self.over.clear()
        self.intents.clear()
