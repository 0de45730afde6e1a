"""The server in front of the engine: API, pages and control address on one port of this machine."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fusus_portal.demo.payments import pages, parameters
from fusus_portal.demo.payments.api import Api, error
from fusus_portal.demo.payments.checkout import Checkout, Closed, NoSession
from fusus_portal.demo.payments.control import Control
from fusus_portal.demo.payments.engine import Engine, EngineRefused
from fusus_portal.demo.payments.money import Clock, Declined, Money, Webhooks

HERE = {"127.0.0.1", "localhost"}
JSON = "application/json"
HTML = "text/html; charset=utf-8"


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
