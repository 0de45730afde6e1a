"""The payment service: its notices come twice, never, and in any order, and its answers get lost."""

import random

from django.test import Client

from tests.peers.payments import PaymentPeer

WEBHOOK = "/payments/webhook/"
TOLD, TWICE, WRONG = 0.4, 0.1, 0.02
"""Of all notices so many come by themselves; so many of those again; and so many that somebody else has signed."""

FAULTS = [
    ("POST /v1/checkout", "lose", 500),
    ("POST /v1/checkout", "refuse", 503),
    ("GET /v1/checkout", "refuse", 429),
    ("GET /v1/checkout", "cut", 500),
    ("POST /v1/refunds", "lose", 500),
    ("POST /v1/refunds", "error", 500),
    ("POST /v1/refunds", "cut", 500),
    ("GET /v1/refunds", "refuse", 500),
    ("POST /v1/payment_intents", "lose", 500),
    ("POST /v1/payment_intents", "cut", 500),
    ("GET /v1/payment_intents", "refuse", 429),
]


class Service:
    """The service between the portal and the cards."""

    def __init__(self, peer: PaymentPeer, chance: random.Random) -> None:
        self.peer, self._chance = peer, chance
        self._seen = 0
        self._late: list[str] = []

    def fail_somehow(self) -> None:
        """Let something go wrong today, on one day in three."""
        if self._chance.random() < 1 / 3:
            match, kind, status = self._chance.choice(FAULTS)
            self.peer.fault(match, kind, status=status, times=self._chance.randint(1, 3))

    def mend(self) -> None:
        """Let everything work again."""
        self.peer.tell("mend")

    def tell(self) -> None:
        """Deliver some of what is new, some of what was told before, in any order. What is dropped is never told."""
        told = self.peer.tell("events", after=self._seen)
        self._seen += len(told["events"])
        chosen = [event for event in told["events"] if self._chance.random() < TOLD]
        again = [event for event in [*chosen, *self._late] if self._chance.random() < TWICE]
        self._late = chosen
        notices = [*chosen, *again]
        self._chance.shuffle(notices)
        for event in notices:
            self._deliver(event, wrong=self._chance.random() < WRONG)

    def _deliver(self, event: str, *, wrong: bool) -> None:
        payload, signature = self.peer.signed(event, wrong=wrong)
        headers = {"Stripe-Signature": signature}
        answer = Client().post(WEBHOOK, payload, content_type="application/json", headers=headers)
        assert answer.status_code == (400 if wrong else 200)
