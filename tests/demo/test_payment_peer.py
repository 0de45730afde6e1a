"""The demo's payment peer answers, ends with the demo, and leaves nothing running, however it ends."""

import signal
import urllib.error
import urllib.request

import psutil
import pytest

from fusus_portal.demo.payments import engine
from fusus_portal.settings.payments import payment_settings

NOBODY = "http://127.0.0.1:9/payments/webhook/"


@pytest.fixture(autouse=True)
def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no key of the real service."""
    for name in ("STRIPE_SECRET_KEY", "STRIPE_SECRET_KEY_FILE", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_answers_with_settings_that_the_portal_takes_and_ends_whole(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    peer = engine.start_peer(NOBODY)
    assert peer is not None
    for name, value in peer.variables.items():
        monkeypatch.setenv(name, value)
    base = payment_settings(loopback=True)["STRIPE_API_BASE"]
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{base}/v1/events", timeout=5)  # noqa: S310
    family = psutil.Process(peer.process.pid).children(recursive=True)
    assert family, "the engine is a process of its own"
    peer.process.send_signal(number)
    peer.stop()
    gone, left = psutil.wait_procs(family, timeout=10)
    assert (len(gone), left) == (len(family), [])


def test_an_account_of_the_service_needs_no_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_of_an_account")
    assert engine.start_peer(NOBODY) is None
