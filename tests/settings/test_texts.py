"""The provider of texts in the environment: off without it, its secret from a file, and no address in the open."""

from pathlib import Path

import pytest

from fusus_portal.ground import env
from fusus_portal.ground.notifications.channels import provider
from fusus_portal.settings import channels, tasks
from fusus_portal.settings.channels import text_settings

URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
SET = {"TEXT_URL": URL, "TEXT_ACCOUNT": "AC1", "TEXT_SENDER": "+12055550199", "TEXT_SECRET": "a secret"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SET.items():
        monkeypatch.setenv(name, value)


def test_without_an_address_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEXT_URL")
    assert text_settings(loopback=False) == {}


def test_calls_are_signed_with_the_same_secret_unless_there_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    found = text_settings(loopback=False)
    assert {name: found[name] for name in SET} == SET
    assert found["TEXT_SIGNING_SECRET"] == "a secret"
    monkeypatch.setenv("TEXT_SIGNING_SECRET", "another")
    assert text_settings(loopback=False)["TEXT_SIGNING_SECRET"] == "another"


def test_the_secret_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TEXT_SECRET")
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.setenv("TEXT_SECRET_FILE", str(tmp_path / "secret"))
    assert text_settings(loopback=False)["TEXT_SECRET"] == "from a file"


@pytest.mark.parametrize("name", ["TEXT_ACCOUNT", "TEXT_SENDER", "TEXT_SECRET"])
def test_half_a_provider_is_refused_by_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(env.Misconfigured, match=f"^{name} ") as refused:
        text_settings(loopback=False)
    assert "a secret" not in str(refused.value)


@pytest.mark.parametrize("sender", ["205-555-0199", "Sheriff", "+1"])
def test_a_sender_is_a_number(sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT_SENDER", sender)
    with pytest.raises(env.Misconfigured, match="TEXT_SENDER"):
        text_settings(loopback=False)


@pytest.mark.parametrize(
    "url",
    ["http://api.twilio.com/x", "api.twilio.com", "https://", "https://u:p@texts.example/", f"{URL}?a=b", "ftp://x/"],
)
@pytest.mark.parametrize("loopback", [True, False])
def test_numbers_do_not_travel_in_the_open(url: str, loopback: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT_URL", url)
    with pytest.raises(env.Misconfigured, match="TEXT_URL"):
        text_settings(loopback=loopback)


def test_a_worker_that_waits_for_the_provider_twice_is_not_taken_for_lost() -> None:
    longest = 2 * (provider.CONNECT_SECONDS + channels.TEXT_TIMEOUT_SECONDS)
    assert longest < tasks.MESSAGE_LEASE_SECONDS


def test_this_machine_stands_in_in_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT_URL", "http://127.0.0.1:8421/Messages.json")
    assert text_settings(loopback=True)["TEXT_URL"] == "http://127.0.0.1:8421/Messages.json"
    with pytest.raises(env.Misconfigured, match="TEXT_URL"):
        text_settings(loopback=False)
