"""Keys go to the payment service and to nobody else, and no message shows one."""

import logging
import runpy

import pytest

from fusus_portal.ground import env
from fusus_portal.ground.log_format import WithoutPersonalData
from fusus_portal.settings.payments import PAGES, SERVICE, payment_settings
from fusus_portal.tools.checks import PRODUCTION

KEY, LIVE, SECRET = "sk_test_abc123", "sk_live_abc123", "whsec_abc123"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", KEY)
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", SECRET)


@pytest.mark.parametrize(
    "address",
    [
        "https://api.stripe.com.evil.example",
        "http://api.stripe.com",
        "https://evil.example",
        "http://evil.example",
        "http://127.0.0.1.evil.example:80",
        "http://127.0.0.1@evil.example",
        "http://127.0.0.1:8420/elsewhere",
        "https://127.0.0.1:8420",
    ],
)
@pytest.mark.parametrize("loopback", [True, False])
def test_another_address_is_refused_everywhere(monkeypatch: pytest.MonkeyPatch, address: str, loopback: bool) -> None:
    monkeypatch.setenv("STRIPE_API_BASE", address)
    with pytest.raises(env.Misconfigured, match=r"^STRIPE_API_BASE "):
        payment_settings(loopback=loopback)


def test_this_machine_stands_in_for_it_in_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_API_BASE", "http://127.0.0.1:8420")
    found = payment_settings(loopback=True)
    assert found["STRIPE_API_BASE"] == "http://127.0.0.1:8420"
    assert found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"][1:] == ["http://127.0.0.1:*"]
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(env.Misconfigured, match=r"^STRIPE_API_BASE "):
        runpy.run_module("fusus_portal.settings.production")


def test_a_live_key_is_not_shown_to_a_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_API_BASE", "http://127.0.0.1:8420")
    monkeypatch.setenv("STRIPE_SECRET_KEY", LIVE)
    with pytest.raises(env.Misconfigured, match=r"^STRIPE_SECRET_KEY ") as refused:
        payment_settings(loopback=True)
    assert LIVE not in str(refused.value)


def test_production_goes_to_the_service_and_lets_a_form_lead_to_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STRIPE_SECRET_KEY", LIVE)
    found = runpy.run_module("fusus_portal.settings.production")
    assert (found["STRIPE_API_BASE"], found["STRIPE_SECRET_KEY"]) == (SERVICE, LIVE)
    assert found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"][1:] == [PAGES]


@pytest.mark.parametrize(
    ("name", "value"),
    [("STRIPE_SECRET_KEY", "pk_test_abc"), ("STRIPE_WEBHOOK_SECRET", "secret"), ("STRIPE_WEBHOOK_SECRET", "")],
)
def test_what_can_not_be_a_key_is_refused_by_name_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(env.Misconfigured, match=rf"^{name} ") as refused:
        payment_settings(loopback=False)
    assert not value or f"'{value}'" not in str(refused.value)


def test_without_a_key_cards_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STRIPE_SECRET_KEY")
    monkeypatch.delenv("STRIPE_WEBHOOK_SECRET")
    assert payment_settings(loopback=False)["STRIPE_SECRET_KEY"] == ""


@pytest.mark.parametrize("key", [KEY, LIVE, SECRET, "rk_live_abc"])
def test_no_line_of_the_log_shows_a_key(key: str) -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, "refused with %s.", (key,), None)
    line = WithoutPersonalData().format(record)
    assert key not in line
    assert "<key>." in line
