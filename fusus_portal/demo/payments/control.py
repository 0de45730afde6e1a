"""The control address (/_control/...): a test plans faults, moves time, pays, and reads events there."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition

from fusus_portal.demo.payments.checkout import Checkout
from fusus_portal.demo.payments.money import Declined
from fusus_portal.demo.payments.parameters import Json

LONGEST_HOLD = 60.0


@dataclass
class Fault:
    """A planned fault of the portal's next requests that match.

    match: a pattern for "METHOD /path". kind: "refuse" (answer `status`, do nothing), "cut" (hang up, do nothing),
    "lose" (do it, hang up), "error" (do it, answer `status`), "hold" (keep the request until its release, then do it),
    "keep" (do it, keep the answer until its release). times: number of requests, None for all. until: the peer's time
    at which the fault ends.
    """

    match: str
    kind: str
    status: int = 500
    times: int | None = 1
    until: float | None = None
    seconds: float = LONGEST_HOLD

    @property
    def does_it(self) -> bool:
        return self.kind in {"lose", "error", "hold", "keep"}


@dataclass
class Plan:
    """Planned faults, in order, and the requests that are kept waiting."""

    faults: list[Fault] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    released: int = 0
    changed: Condition = field(default_factory=Condition)

    def add(self, told: list[Json]) -> None:
        with self.changed:
            self.faults += [Fault(**one) for one in told]

    def take(self, request: str, now: float) -> Fault | None:
        """Return the planned fault of a request ("POST /v1/refunds"), if any, and count it as used."""
        with self.changed:
            self.faults = [one for one in self.faults if one.until is None or one.until > now]
            for one in self.faults:
                if re.search(one.match, request):
                    if one.times is not None:
                        one.times -= 1
                        if one.times < 1:
                            self.faults.remove(one)
                    return one
        return None

    def wait(self, request: str, fault: Fault) -> None:
        """Keep a request until the next release, or for the seconds of its fault."""
        with self.changed:
            self.waiting.append(request)
            before = self.released
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.released > before, timeout=fault.seconds)
            self.waiting.remove(request)

    def release(self) -> None:
        with self.changed:
            self.released += 1
            self.changed.notify_all()

    def forget(self) -> None:
        with self.changed:
            self.faults.clear()
        self.release()


@dataclass
class Control:
    """The plan, and the requests of the portal so far: method, path, idempotency key."""

    checkout: Checkout
    plan: Plan = field(default_factory=Plan)
    requests: list[tuple[str, str, str]] = field(default_factory=list)

    def answer(self, what: str, told: Json) -> Json:
        return self._acts()[what](told) or {}

    def _acts(self) -> dict[str, Callable[[Json], Json | None]]:
        money = self.checkout.money
        return {
            "forget": self._forget,
            "faults": lambda told: self.plan.add(told["faults"]),
            "mend": lambda _told: self.plan.forget(),
            "release": lambda _told: self.plan.release(),
            "clock": self._clock,
            "webhook": lambda told: vars(money.webhooks).update(told),
            "pay": self._pay,
            "turn": lambda told: money.turn(told["refund"], told["status"], told.get("reason", "")),
            "refund": money.refund,
            "deliver": self._deliver,
            "signed": self._signed,
            "events": lambda told: {"events": list(money.webhooks.events)[int(told["after"]) :]},
            "state": self._state,
            "card": self._card,
        }

    def _forget(self, _told: Json) -> None:
        checkout = self.checkout
        self.plan.forget()
        with checkout.money.lock:
            checkout.sessions.clear()
            checkout.money.forget()
            checkout.money.webhooks.forget()
            checkout.clock.ahead = 0.0
            self.requests.clear()

    def _clock(self, told: Json) -> Json:
        self.checkout.clock.ahead = float(told["ahead"])
        return {"now": self.checkout.clock.now()}

    def _pay(self, told: Json) -> Json:
        """Pay as a buyer does at the page. step, in `told`: the buyer's answer to 3-D Secure."""
        try:
            session = self.checkout.pay(told["session"], told["number"], told.get("address"))
            if "_asked" in session and told.get("step"):
                self.checkout.verify(told["session"], success=told["step"] == "complete")
        except Declined as refused:
            return {"declined": str(refused)}
        return self.checkout.get(told["session"])

    def _card(self, told: Json) -> Json:
        customer = told.get("customer") or self.checkout.money.customer()
        return {"customer": customer, "payment_method": self.checkout.money.card(told["number"], customer)}

    def _deliver(self, told: Json) -> Json:
        webhooks, times = self.checkout.money.webhooks, int(told.get("times", 1))
        return {"statuses": [webhooks.deliver(told["event"], **_signing(told)) for _ in range(times)]}

    def _signed(self, told: Json) -> Json:
        payload, header = self.checkout.money.webhooks.signed(told["event"], **_signing(told))
        return {"payload": base64.b64encode(payload).decode(), "signature": header}

    def _state(self, told: Json) -> Json:
        money = self.checkout.money
        with money.lock:
            refunds = money.engine.ask("GET", "/v1/refunds?limit=100000")["data"]
            intents = money.engine.ask("GET", "/v1/payment_intents?limit=100000")["data"]
            return {
                "requests": self.requests,
                "waiting": self.plan.waiting,
                "sessions": [self.checkout.get(pk) for pk in list(self.checkout.sessions)],
                "refunds": [money.show(one) for one in refunds],
                "intents": [money.show(one) for one in intents],
                "events": list(money.webhooks.events.values()),
                "delivered": sorted(money.webhooks.delivered),
            }


def _signing(told: Json) -> Json:
    return {"age": int(told.get("age", 0)), "wrong": bool(told.get("wrong", False))}
