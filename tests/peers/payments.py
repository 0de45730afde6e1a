"""The payment peer in processes of its own, and its control address: faults, time, cards, webhooks."""

import base64
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import LazySettings

CHECKOUT = Path(__file__).resolve().parents[2]
KEY = "sk_test_of_the_tests"
SECRET = "whsec_of_the_tests"
PAID, DECLINED, DECLINED_AT_ONCE, ASKS = "4242424242424242", "4000000000000341", "4000000000009995", "4000002500003155"
POLL_SECONDS = 0.01
SECONDS_TO_WAIT = 120.0

Json = dict[str, Any]


class PaymentPeer:
    """A running peer. url: its address, without a slash at its end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fusus_portal.demo.payments", "0"],
            cwd=CHECKOUT,
            env={**os.environ, "STRIPE_WEBHOOK_SECRET": SECRET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("the payment peer does not start")

    @property
    def environment(self) -> dict[str, str]:
        """Variables of the environment that lead a process of the portal to the peer."""
        return {"STRIPE_SECRET_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_API_BASE": self.url}

    def listening(self) -> set[str]:
        """Return the addresses at which its processes listen."""
        parent = psutil.Process(self._process.pid)
        family = [parent, *parent.children(recursive=True)]
        open_sockets = [one for process in family for one in process.net_connections("inet")]
        return {one.laddr[0] for one in open_sockets if one.status == psutil.CONN_LISTEN}

    def close(self) -> None:
        """End the peer."""
        self._process.terminate()
        self._process.wait(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def tell(self, what: str, **told: Any) -> Json:
        """Ask the control address."""
        request = urllib.request.Request(f"{self.url}/_control/{what}", json.dumps(told).encode())  # noqa: S310
        with urllib.request.urlopen(request, timeout=SECONDS_TO_WAIT) as answer:  # noqa: S310
            made: Json = json.load(answer)
        return made

    def forget(self) -> None:
        """Let the peer forget everything."""
        self.tell("forget")
        self.tell("webhook", url="", secret=SECRET, mode="keep")

    def pay(self, session: str, number: str = PAID, step: str = "complete") -> Json:
        """Pay an open session as its buyer, and answer the step of 3-D Secure when it comes."""
        return self.tell("pay", session=session, number=number, step=step)

    def fault(self, match: str, kind: str, **more: Any) -> None:
        """Plan what goes wrong with the next requests that match "METHOD /path"."""
        self.tell("faults", faults=[{"match": match, "kind": kind, **more}])

    def wait_for_held(self) -> None:
        """Wait until a request is held."""
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while not self.state()["waiting"]:
            assert time.monotonic() < deadline, "no request is held"
            time.sleep(POLL_SECONDS)

    def state(self) -> Json:
        """Return everything that the peer knows."""
        return self.tell("state")

    def events(self, kind: str = "") -> list[str]:
        """Return the ids of the events of a kind, the oldest first."""
        return [one["id"] for one in self.state()["events"] if kind in {"", one["type"]}]

    def signed(self, event: str, *, age: int = 0, wrong: bool = False) -> tuple[bytes, str]:
        """Return what a webhook of an event carries: payload and signature."""
        made = self.tell("signed", event=event, age=age, wrong=wrong)
        return base64.b64decode(made["payload"]), made["signature"]

    def charged(self) -> int:
        """Return how many cents were taken."""
        return charged(self.state())

    def refunded(self) -> int:
        """Return how many cents were given back or are on their way."""
        return refunded(self.state())


def charged(state: Json) -> int:
    """Return how many cents were taken, by what the peer knows."""
    return sum(one["amount"] for one in state["intents"] if one["status"] == "succeeded")


def refunded(state: Json) -> int:
    """Return how many cents were given back or are on their way, by what the peer knows."""
    return sum(one["amount"] for one in state["refunds"] if one["status"] in {"succeeded", "pending"})


@pytest.fixture(scope="session")
def running_payment_peer() -> Iterator[PaymentPeer]:
    """Run the peer once for all tests of this process that need it."""
    peer = PaymentPeer()
    yield peer
    peer.close()


@pytest.fixture
def payment_peer(running_payment_peer: PaymentPeer, settings: LazySettings) -> PaymentPeer:
    """Return an empty peer, to which the portal's settings point."""
    running_payment_peer.forget()
    for name, value in running_payment_peer.environment.items():
        setattr(settings, name, value)
    return running_payment_peer
