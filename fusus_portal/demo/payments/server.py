"""The server in front of the engine: the API below /v1, pages and the control address, on one port of this machine."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fusus_portal.demo.payments import pages, parameters
from fusus_portal.demo.payments.checkout import Checkout, Closed, NoSession
from fusus_portal.demo.payments.control import Control
from fusus_portal.demo.payments.engine import Engine, EngineRefused
from fusus_portal.demo.payments.money import Clock, Declined, Money, Webhooks
from fusus_portal.demo.payments.parameters import Invalid, Json

HERE = {"127.0.0.1", "localhost"}
JSON = "application/json"
HTML = "text/html; charset=utf-8"

Answer = tuple[int, Json]

REFUND = ("amount", "payment_intent", "metadata")
INTENT = ("amount", "currency", "customer", "payment_method", "metadata", "automatic_payment_methods")
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
            r"GET /v1/(setup_intents|refunds|payment_methods)/(\w+)": lambda kind, pk, _query: money.find(kind, pk),
            r"POST /v1/refunds": lambda told: money.refund(known(told, *REFUND)),
            r"GET /v1/refunds": self._refunds,
            r"GET /v1/events": lambda query: paged("/v1/events", money.webhooks.listed(query), query),
            r"POST (/v1/payment_methods/\w+/detach)": lambda path, told: money.engine.ask("POST", path, known(told)),
        }

    def _session(self, pk: str, query: Json) -> Json:
        checkout = self.checkout
        session = checkout.get(pk)
        wanted = {path.split(".")[0] for path in parameters.words(query.get("expand"))}
        for name in ("payment_intent", "setup_intent"):
            if name in wanted and session[name]:
                session[name] = self._with_card(checkout.money.find(f"{name}s", session[name]), f"{name}.", query)
        return session

    def _with_card(self, intent: Json, above: str, query: Json) -> Json:
        """Return an intent, its payment method in full if the query expands it. above: path to the intent, or ""."""
        wanted = f"{above}payment_method" in parameters.words(query.get("expand"))
        if not wanted or not intent.get("payment_method"):
            return intent
        return {**intent, "payment_method": self.checkout.money.find("payment_methods", intent["payment_method"])}

    def _confirm(self, pk: str, told: Json) -> Json:
        known(told, "off_session")
        return self.checkout.money.confirm(pk, off_session=told.get("off_session") == "true")

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


class Handler(BaseHTTPRequestHandler):
    checkout: Checkout
    api: Api
    control: Control

    def do_GET(self) -> None:
        self._answer("GET", "")

    def do_POST(self) -> None:
        self._answer("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

    def _answer(self, method: str, body: str) -> None:
        parts = urlsplit(self.path)
        # Refuse names of other sites that resolve to this machine.
        if self.headers.get("Host", "").partition(":")[0] not in HERE:
            self._send(403, JSON, "{}")
        elif parts.path.startswith("/_control/"):
            self._control(parts.path.removeprefix("/_control/"), body)
        elif parts.path.startswith("/pay/"):
            self._page(method, parts.path.split("/")[2], body)
        else:
            self._api(method, parts.path, body if method == "POST" else parts.query)

    def _control(self, what: str, body: str) -> None:
        try:
            told = json.loads(body or "{}")
            self._send(200, JSON, json.dumps(self.control.answer(what, told)))
        except (KeyError, TypeError, ValueError, EngineRefused, NoSession, Closed) as refused:
            self._send(400, JSON, json.dumps({"error": repr(refused)}))

    def _api(self, method: str, path: str, text: str) -> None:
        key = self.headers.get("Idempotency-Key", "")
        self.control.requests.append((method, path, key))
        if not self.headers.get("Authorization", "").startswith("Bearer sk_test_"):
            self._send(401, JSON, json.dumps(error("invalid_request_error", "Invalid API Key provided.")))
            return
        fault = self.control.plan.take(f"{method} {path}", self.checkout.clock.now())
        if fault is not None and fault.kind == "hold":
            self.control.plan.wait(f"{method} {path}", fault)
        if fault is not None and not fault.does_it:
            self._fail(fault.kind, fault.status)
            return
        status, answer = self.api.answer(method, path, parameters.tree(text))
        if fault is not None and fault.kind == "keep":
            self.control.plan.wait(f"{method} {path}", fault)
        if fault is not None and fault.kind in {"lose", "error"}:
            self._fail(fault.kind, fault.status)
            return
        self._send(status, JSON, json.dumps(answer))

    def _fail(self, kind: str, status: int) -> None:
        if kind in {"cut", "lose"}:
            self.close_connection = True
            return
        about = "rate_limit_error" if status == 429 else "api_error"
        self._send(status, JSON, json.dumps(error(about, "Something went wrong.")))

    def _page(self, method: str, pk: str, body: str) -> None:
        checkout = self.checkout
        form = {name: values[0] for name, values in parse_qs(body).items()}
        try:
            session = checkout.current(pk)
            if method == "POST" and "step" in form:
                session = checkout.verify(pk, success=form["step"] == "complete")
            elif method == "POST":
                address = {part: form[part].strip() for part in pages.ADDRESS if form.get(part, "").strip()}
                session = checkout.pay(pk, form.get("number", "").replace(" ", ""), address)
        except NoSession:
            self._send(404, HTML, pages.page("There is no such page", "<p>Please go back to the shop.</p>"))
        except Closed:
            self._send(200, HTML, pages.closed(checkout.current(pk)))
        except Declined as refused:
            self._send(200, HTML, pages.card(checkout.current(pk), str(refused)))
        else:
            self._show(method, session)

    def _show(self, method: str, session: dict[str, Any]) -> None:
        if session["status"] == "open":
            self._send(200, HTML, pages.step(session) if "_asked" in session else pages.card(session))
        elif method == "POST" and session["status"] == "complete":
            self._send(303, HTML, "", Location=pages.success(session))
        else:
            self._send(200, HTML, pages.closed(session))

    def _send(self, status: int, kind: str, text: str, **headers: str) -> None:
        content = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            # The client hung up, as a test wanted.
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: nobody needs the contents of requests in a log."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, engine: Engine, port: int) -> None:
        handler = type("PeerHandler", (Handler,), {})
        super().__init__(("127.0.0.1", port), handler)
        clock = Clock()
        base = f"http://127.0.0.1:{self.server_port}"
        self.checkout = handler.checkout = Checkout(Money(engine, Webhooks(clock)), clock, base)  # type: ignore[attr-defined]
        handler.api, handler.control = Api(self.checkout), Control(self.checkout)  # type: ignore[attr-defined]
