"""Sessions of hosted Checkout: opened by the portal, paid by a person on a page of the peer, or expired."""

import uuid
from dataclasses import dataclass, field

from fusus_portal.demo.payments import parameters
from fusus_portal.demo.payments.money import Clock, Declined, Money
from fusus_portal.demo.payments.parameters import Invalid, Json

SHORTEST, LONGEST = 30 * 60, 24 * 60 * 60
SLACK = 120
LEAST = 50
TAKEN = (
    "mode", "line_items", "success_url", "cancel_url", "client_reference_id", "customer", "customer_email",
    "customer_creation", "payment_intent_data", "setup_intent_data", "metadata", "expires_at", "locale", "currency",
    "billing_address_collection",
)  # fmt: skip


class NoSession(Exception):
    """There is no such session."""


class Closed(Exception):
    """The session is paid or expired."""


@dataclass
class Checkout:
    """All sessions by id. base: address of the peer, where the sessions' pages are."""

    money: Money
    clock: Clock
    base: str
    sessions: dict[str, Json] = field(default_factory=dict)

    def open(self, told: Json) -> Json:
        parameters.only(told, *TAKEN)
        mode = told.get("mode")
        if mode not in {"payment", "setup"}:
            raise Invalid("mode", "Invalid mode: must be one of payment or setup.")
        if not str(told.get("success_url", "")).startswith("http"):
            raise Invalid("success_url", "Not a valid URL")
        now = int(self.clock.now())
        expires = int(told.get("expires_at", now + LONGEST))
        if not now + SHORTEST - SLACK <= expires <= now + LONGEST + SLACK:
            raise Invalid("expires_at", "The `expires_at` timestamp must be 30 minutes to 24 hours from now.")
        pk = f"cs_test_{uuid.uuid4().hex}"
        session: Json = {
            "id": pk, "object": "checkout.session", "mode": mode, "status": "open", "created": now,
            "expires_at": expires, "livemode": False, "url": f"{self.base}/pay/{pk}",
            "success_url": told["success_url"], "cancel_url": told.get("cancel_url"),
            "client_reference_id": told.get("client_reference_id"), "customer": told.get("customer"),
            "metadata": parameters.metadata(told.get("metadata")), "payment_intent": None, "setup_intent": None,
            "payment_status": "unpaid" if mode == "payment" else "no_payment_required",
            "_asks_address": told.get("billing_address_collection") == "required",
            **(self._priced(told) if mode == "payment" else self._unpriced(told)),
        }  # fmt: skip
        self.sessions[pk] = session
        return self._shown(session)

    def _priced(self, told: Json) -> Json:
        total, lines, currencies = 0, [], set()
        for line in parameters.items(told.get("line_items"), "line_items"):
            data = line.get("price_data", {})
            cents = parameters.amount(data.get("unit_amount"), "line_items[price_data][unit_amount]")
            count = parameters.amount(line.get("quantity", "1"), "line_items[quantity]")
            name = data.get("product_data", {}).get("name")
            if not name:
                raise Invalid("line_items[price_data][product_data][name]", "Missing required param: name.")
            total += cents * count
            currencies.add(data.get("currency"))
            lines.append({"name": name, "cents": cents, "count": count})
        if len(currencies) != 1 or None in currencies:
            raise Invalid("line_items", "All prices must have one currency.")
        if total < LEAST:
            raise Invalid("line_items", "The total must be at least $0.50.")
        data = told.get("payment_intent_data", {})
        parameters.only(data, "setup_future_usage", "metadata")
        parameters.without_what_the_engine_refuses(data)
        meant = parameters.metadata(data.get("metadata"))
        return {"amount_total": total, "currency": currencies.pop(), "_lines": lines, "_intent_metadata": meant}

    @staticmethod
    def _unpriced(told: Json) -> Json:
        if not told.get("currency"):
            raise Invalid("currency", "Missing required param: currency.")
        meant = parameters.metadata(told.get("setup_intent_data", {}).get("metadata"))
        return {"amount_total": None, "currency": told.get("currency"), "_lines": [], "_intent_metadata": meant}

    def current(self, pk: str) -> Json:
        """Return a session with everything that its page shows, expired if its time is up. Raises NoSession."""
        session = self.sessions.get(pk)
        if session is None:
            raise NoSession
        if session["status"] == "open" and session["expires_at"] <= self.clock.now():
            self._expire(session)
        return session

    def get(self, pk: str) -> Json:
        """Return a session as the API shows it. Raises NoSession."""
        return self._shown(self.current(pk))

    def listed(self, query: Json) -> list[Json]:
        since = int(query.get("created", {}).get("gte", 0))
        found = [self.current(pk) for pk in reversed(self.sessions)]
        return [self._shown(one) for one in found if one["created"] >= since]

    def expire(self, pk: str) -> Json:
        """Close an open session. Raises NoSession, Closed."""
        session = self.current(pk)
        if session["status"] != "open":
            raise Closed
        return self._expire(session)

    def pay(self, pk: str, number: str, address: Json | None = None) -> Json:
        """Pay, or keep a card. `_asked` in the session means 3-D Secure is next. Raises Declined, Closed, NoSession."""
        with self.money.lock:
            session = self.current(pk)
            if session["status"] != "open":
                raise Closed
            session["customer"] = session["customer"] or self.money.customer()
            method = self.money.card(number, session["customer"], address)
            session["_method"] = method
            return self._keep(session, method) if session["mode"] == "setup" else self._charge(session, method)

    def verify(self, pk: str, *, success: bool) -> Json:
        """Answer 3-D Secure for a session. Raises Declined, also if the answer is no, Closed, NoSession."""
        with self.money.lock:
            session = self.current(pk)
            asked = session.pop("_asked", None)
            if session["status"] != "open" or asked is None:
                raise Closed
            if session["mode"] == "setup":
                if not success:
                    raise Declined("We are unable to authenticate your card.", "setup_intent_authentication_failure")
                return self._kept(session, asked)
            intent = self.money.authenticate(asked, success=success)
            if intent["status"] != "succeeded":
                raise Declined("We are unable to authenticate your card.", "payment_intent_authentication_failure")
            return self._paid(session, asked)

    def _charge(self, session: Json, method: str) -> Json:
        told = {"amount": session["amount_total"], "currency": session["currency"]}
        intent = self.money.make_intent({**told, "customer": session["customer"], "payment_method": method})
        return self._ended(session, self.money.confirm(intent["id"], off_session=False))

    def _ended(self, session: Json, made: Json) -> Json:
        if made["status"] == "requires_action":
            session["_asked"] = made["id"]
            return session
        return self._kept(session, made["id"]) if session["mode"] == "setup" else self._paid(session, made["id"])

    def _paid(self, session: Json, intent: str) -> Json:
        # Only the paid intent has the portal's metadata: the service has one intent for each session.
        if session["_intent_metadata"]:
            engine = self.money.engine
            engine.ask("POST", f"/v1/payment_intents/{intent}", {"metadata": session["_intent_metadata"]})
        session |= {"payment_intent": intent, "status": "complete", "payment_status": "paid"}
        self.money.webhooks.emit("checkout.session.completed", self._shown(session))
        return session

    def _keep(self, session: Json, method: str) -> Json:
        told = {"customer": session["customer"], "metadata": session["_intent_metadata"]}
        engine = self.money.engine
        intent = engine.ask("POST", "/v1/setup_intents", told)
        confirm = f"/v1/setup_intents/{intent['id']}/confirm"
        return self._ended(session, engine.ask("POST", confirm, {"payment_method": method}))

    def _kept(self, session: Json, intent: str) -> Json:
        self.money.over[intent] = {"status": "succeeded", "next_action": None}
        session |= {"setup_intent": intent, "status": "complete"}
        self.money.webhooks.emit("setup_intent.succeeded", self.money.find("setup_intents", intent))
        self.money.webhooks.emit("checkout.session.completed", self._shown(session))
        return session

    def _expire(self, session: Json) -> Json:
        session |= {"status": "expired", "url": None}
        self.money.webhooks.emit("checkout.session.expired", self._shown(session))
        return self._shown(session)

    @staticmethod
    def _shown(session: Json) -> Json:
        return {name: value for name, value in session.items() if not name.startswith("_")}
