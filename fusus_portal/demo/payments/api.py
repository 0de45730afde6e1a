"""The payment service's API as the peer answers it: the addresses below /v1 that the portal calls."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from fusus_portal.demo.payments import parameters
from fusus_portal.demo.payments.checkout import Checkout, Closed, NoSession
from fusus_portal.demo.payments.engine import EngineRefused
from fusus_portal.demo.payments.money import Declined
from fusus_portal.demo.payments.parameters import Invalid, Json

Answer = tuple[int, Json]

REFUND = ("amount", "payment_intent", "charge", "metadata", "reason")
INTENT = (
    "amount", "currency", "customer", "payment_method", "metadata", "payment_method_types", "description",
    "receipt_email", "setup_future_usage", "automatic_payment_methods", "shipping", "statement_descriptor_suffix",
)  # fmt: skip
CONFIRM = ("off_session", "error_on_requires_action")
PAGE, LONGEST_PAGE = 10, 100


def error(kind: str, message: str, **more: object) -> Json:
    return {"error": {"type": kind, "message": message, **more}}


@dataclass
class Api:
    checkout: Checkout

    def answer(self, method: str, path: str, told: Json) -> Answer:
        for pattern, answering in self._routes().items():
            if found := re.fullmatch(pattern, f"{method} {path}"):
                try:
                    with self.checkout.money.lock:
                        return 200, answering(*found.groups(), told)
                except (Invalid, Closed, NoSession, KeyError, Declined, EngineRefused) as refused:
                    return self._refusal(refused, *found.groups())
        return 404, error("invalid_request_error", f"Unrecognized request URL ({method}: {path}).")

    def _routes(self) -> dict[str, Callable[..., Json]]:
        checkout, money = self.checkout, self.checkout.money
        return {
            r"POST /v1/checkout/sessions": checkout.open,
            r"GET /v1/checkout/sessions": lambda query: paged("/v1/checkout/sessions", checkout.listed(query), query),
            r"GET /v1/checkout/sessions/(\w+)": self._session,
            r"POST /v1/checkout/sessions/(\w+)/expire": lambda pk, _told: checkout.expire(pk),
            r"POST /v1/payment_intents": lambda told: money.make_intent(known(told, *INTENT)),
            r"GET /v1/payment_intents/(\w+)": lambda pk, query: self._with_card(money.intent(pk), "", query),
            r"GET /v1/payment_intents": self._intents,
            r"POST /v1/payment_intents/(\w+)/confirm": self._confirm,
            r"GET /v1/setup_intents/(\w+)": lambda pk, _query: checkout.setup_intent(pk),
            r"POST /v1/refunds": lambda told: money.refund(known(told, *REFUND)),
            r"GET /v1/refunds/(\w+)": lambda pk, _query: money.refund_shown(pk),
            r"GET /v1/refunds": self._refunds,
            r"GET /v1/charges/(\w+)": lambda pk, _query: money.charge(pk),
            r"GET /v1/events/(\w+)": lambda pk, _query: money.webhooks.export(money.webhooks.events[pk]),
            r"GET /v1/events": lambda query: paged("/v1/events", money.webhooks.listed(query), query),
            r"POST /v1/customers": lambda told: money.engine.ask("POST", "/v1/customers", told),
            r"POST /v1/payment_methods/(\w+)/detach": self._detach,
            r"GET /v1/payment_methods/(\w+)": lambda pk, _query: money.method(pk),
            r"GET /v1/balance_transactions": lambda _query: money.engine.ask(
                "GET", "/v1/balance_transactions?limit=100000"
            ),
        }

    def _session(self, pk: str, query: Json) -> Json:
        checkout = self.checkout
        session = checkout.get(pk)
        wanted = {path.split(".")[0] for path in parameters.words(query.get("expand"))}
        for name, intent in (("payment_intent", checkout.money.intent), ("setup_intent", checkout.setup_intent)):
            if name in wanted and session[name]:
                session[name] = self._with_card(intent(session[name]), f"{name}.", query)
        return session

    def _with_card(self, intent: Json, above: str, query: Json) -> Json:
        """Return an intent, its payment method in full if the query expands it. above: path to the intent, or ""."""
        wanted = f"{above}payment_method" in parameters.words(query.get("expand"))
        if not wanted or not intent.get("payment_method"):
            return intent
        return {**intent, "payment_method": self.checkout.money.method(intent["payment_method"])}

    def _confirm(self, pk: str, told: Json) -> Json:
        known(told, *CONFIRM)
        return self.checkout.money.confirm(pk, off_session=told.get("off_session") == "true")

    def _detach(self, pk: str, told: Json) -> Json:
        parameters.only(told)
        return self.checkout.money.engine.ask("POST", f"/v1/payment_methods/{pk}/detach", {})

    def _refunds(self, query: Json) -> Json:
        money = self.checkout.money
        which = f"payment_intent={query['payment_intent']}&" if "payment_intent" in query else ""
        found = [money.show(one) for one in money.engine.ask("GET", f"/v1/refunds?{which}limit=100000")["data"]]
        return paged("/v1/refunds", [one for one in found if is_wanted(one, query)], query)

    def _intents(self, query: Json) -> Json:
        money = self.checkout.money
        found = [one for one in reversed(list(money.intents.values())) if is_wanted(one, query)]
        if "customer" in query:
            found = [one for one in found if one["customer"] == query["customer"]]
        page = paged("/v1/payment_intents", found, query)
        return {**page, "data": [money.intent(one["id"]) for one in page["data"]]}

    def _refusal(self, refused: Exception, *intent: str) -> Answer:
        match refused:
            case Invalid():
                return 400, error("invalid_request_error", str(refused), param=refused.parameter)
            case Closed():
                return 400, error("invalid_request_error", "This Session is not open any more.")
            case EngineRefused():
                return refused.status, refused.body
            case Declined():
                more = {"payment_intent": self.checkout.money.intent(intent[0])} if intent else {}
                told = {"code": refused.code, "decline_code": "generic_decline", **more}
                return 402, error("card_error", str(refused), **told)
        return 404, error("invalid_request_error", "No such object.", code="resource_missing")


def known(told: Json, *names: str) -> Json:
    """Return parameters as the engine takes them. Raises Invalid for one not named, or with a wrong value."""
    parameters.only(told, *names)
    parameters.metadata(told.get("metadata"))
    return parameters.without_what_the_engine_refuses(told)


def is_wanted(one: Json, query: Json) -> bool:
    wanted = query.get("created", {})
    return int(wanted.get("gte", 0)) <= int(one["created"]) <= int(wanted.get("lte", one["created"]))


def paged(url: str, found: list[Json], query: Json) -> Json:
    limit = min(int(query.get("limit", PAGE)), LONGEST_PAGE)
    after = query.get("starting_after")
    places = [place for place, one in enumerate(found) if one["id"] == after]
    begin = places[0] + 1 if places else 0
    more = len(found) > begin + limit
    return {"object": "list", "url": url, "data": found[begin : begin + limit], "has_more": more}
