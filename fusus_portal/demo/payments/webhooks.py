"""Signed webhooks: delivered at once and tried again, or sent when a test asks."""

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from fusus_portal.demo.payments.clock import Clock

Json = dict[str, Any]

SECONDS_TO_ANSWER = 10.0
PAUSES = (0.0, 1.0, 5.0, 30.0, 120.0)
"""Seconds before each try."""
API_VERSION = "2026-10-28.peer"


def signature(payload: bytes, secret: str, at: int) -> str:
    signed = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


@dataclass
class Webhooks:
    """Every event so far. mode: "deliver" (and try again), "twice", or "keep" (sent only on request)."""

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
        """Return an event's payload and its signature. age: of the signature, in seconds. wrong: by another secret."""
        payload = json.dumps(self.export(self.events[event]), indent=2, sort_keys=True).encode()
        secret = "whsec_of_somebody_else" if wrong else self.secret
        return payload, signature(payload, secret, int(self.clock.now()) - age)

    def deliver(self, event: str, *, age: int = 0, wrong: bool = False) -> int:
        """Deliver an event once; return the status of the answer, 0 for none."""
        payload, header = self.signed(event, age=age, wrong=wrong)
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
        request = urllib.request.Request(self.url, payload, headers)  # noqa: S310  (a web address, set by us)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER) as answer:  # noqa: S310
                self.delivered.add(event)
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def listed(self, query: Json) -> list[Json]:
        since = int(query.get("created", {}).get("gte", 0))
        found = [event for event in self.events.values() if event["created"] >= since]
        if (kind := query.get("type")) is not None:
            found = [event for event in found if event["type"] == kind]
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
