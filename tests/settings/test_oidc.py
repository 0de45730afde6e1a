"""The agency's identity provider in the environment: off without it, and no careless value taken."""

from pathlib import Path

import pytest

from fusus_portal.ground import env
from fusus_portal.settings import oidc


@pytest.mark.parametrize("url", ["", "https://id.example/realms/one", "http://localhost:9/o", "http://127.0.0.1/o"])
def test_an_issuer_is_https_or_this_machine(url: str) -> None:
    assert oidc.issuer(url) == url


@pytest.mark.parametrize("url", ["http://id.example", "id.example", "ftp://localhost/"])
def test_another_is_refused(url: str) -> None:
    with pytest.raises(env.Misconfigured, match="OIDC_ISSUER"):
        oidc.issuer(url)


def test_claims_are_read_with_equals_signs_in_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_MFA_CLAIM", "amr=mfa, acr=urn:level=2, amr=hwk")
    assert oidc.claims("OIDC_MFA_CLAIM") == [("amr", "mfa"), ("acr", "urn:level=2"), ("amr", "hwk")]


@pytest.mark.parametrize("value", ["amr", "=mfa", "amr="])
def test_claims_that_say_nothing_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OIDC_MFA_CLAIM", value)
    with pytest.raises(env.Misconfigured, match="OIDC_MFA_CLAIM"):
        oidc.claims("OIDC_MFA_CLAIM")


class TestASecret:
    def test_it_is_read_from_a_file_when_one_is_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("  from a file\n")
        monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "secret"))
        assert env.secret("A_SECRET", hint="") == "from a file"

    def test_or_from_the_variable_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("A_SECRET", "itself")
        assert env.secret("A_SECRET", hint="") == "itself"

    def test_none_and_an_empty_or_missing_file_are_refused(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        with pytest.raises(env.Misconfigured, match="A_SECRET is not set"):
            env.secret("A_SECRET", hint="")
        monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "missing"))
        with pytest.raises(env.Misconfigured, match="can't be read"):
            env.secret("A_SECRET", hint="")
        (tmp_path / "missing").write_text("\n")
        with pytest.raises(env.Misconfigured, match="is empty"):
            env.secret("A_SECRET", hint="")
