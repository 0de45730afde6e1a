"""Runs the peer beside the demo, unless the environment names a payment service."""

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Running:
    """A running peer. variables: its address and keys, for the portal's environment."""

    process: "subprocess.Popen[str]"
    variables: dict[str, str]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def start(webhook: str) -> Running | None:
    """Start a peer that sends webhooks to an address. None if the environment has a key of the real service."""
    if "STRIPE_SECRET_KEY" in os.environ or "STRIPE_SECRET_KEY_FILE" in os.environ:
        return None
    key, secret = f"sk_test_{secrets.token_hex(12)}", f"whsec_{secrets.token_hex(12)}"
    process = subprocess.Popen(
        [sys.executable, "-m", "fusus_portal.demo.payments", "0", webhook],
        env={**os.environ, "STRIPE_WEBHOOK_SECRET": secret},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C goes to the whole group of the terminal, but the portal's processes may still ask the peer while they
        # end.
        start_new_session=True,
    )
    address = process.stdout.readline().strip() if process.stdout is not None else ""
    if not address:
        raise RuntimeError("The payment peer does not start.")
    return Running(process, {"STRIPE_API_BASE": address, "STRIPE_SECRET_KEY": key, "STRIPE_WEBHOOK_SECRET": secret})
