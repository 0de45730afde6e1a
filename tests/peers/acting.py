"""Acts of the shop, each in a process of its own that can be killed: forked from one that has the code in memory.

`python -m tests.peers.acting` reads a line for each, "settle PK", and answers with its process number.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).resolve().parents[2]


class Acting:
    """Starts acts, and kills them."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.peers.acting"],
                cwd=CHECKOUT,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                start_new_session=True,
            )

    def start(self, act: str, subject: str) -> int:
        """Start an act; return its process number."""
        commands, answers = self._pipes()
        commands.write(f"{act} {subject}\n")
        commands.flush()
        return int(answers.readline())

    @staticmethod
    def kill(number: int) -> None:
        """End an act at once: nothing is tidied up."""
        os.kill(number, signal.SIGKILL)

    def close(self) -> None:
        """Kill all that still run."""
        os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in self._pipes():
            pipe.close()
        self._process.wait()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def serve() -> None:
    """Fork a process for each line that is read."""
    import django  # noqa: PLC0415  (only this process needs it)

    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while line := sys.stdin.readline():
        number = os.fork()
        if number == 0:
            act(*line.split())
            os._exit(0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def act(name: str, subject: str) -> None:
    """Do one. The apps are ready only now, so it imports them itself."""
    from shop.books import services as books  # noqa: PLC0415
    from shop.connections.services import cards  # noqa: PLC0415
    from shop.orders.models.orders import Order  # noqa: PLC0415
    from shop.payments.models import PaymentAttempt  # noqa: PLC0415
    from shop.payments.services import notices, payments, refunds  # noqa: PLC0415

    if name == "begin":
        order = Order.objects.get(pk=subject)
        assert order.registrant is not None
        payments.begin_attempt(order=order, by=order.registrant.user, return_to="http://localhost/orders/", keeps=True)
    elif name == "settle":
        payments.settle(attempt=PaymentAttempt.objects.get(pk=subject))
    elif name == "work":
        notices.work(pk=subject)
    elif name == "send":
        refunds.send(pk=subject)  # type: ignore[arg-type]
    elif name == "compare":
        books.compare_nightly()
    elif name == "charge":
        with moved(subject):
            cards.charge_due()


def moved(at: str) -> AbstractContextManager[object]:
    """Let it be another moment."""
    import time_machine  # noqa: PLC0415

    return time_machine.travel(datetime.fromisoformat(at), tick=True)


if __name__ == "__main__":
    serve()
