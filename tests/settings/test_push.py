"""The key of notices in the environment: off without it, from a file, on P-256, and never in a message."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from fusus_portal.ground import env
from fusus_portal.settings.channels import push_settings


def pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, password: bytes = b"") -> str:
    """Return a private key as a file has it."""
    sealed = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed).decode()


def test_without_a_key_nothing_is_set() -> None:
    assert push_settings() == {}


def test_the_key_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = pem(ec.generate_private_key(ec.SECP256R1()))
    (tmp_path / "push.pem").write_text(key)
    monkeypatch.setenv("PUSH_KEY_FILE", str(tmp_path / "push.pem"))
    assert push_settings() == {"PUSH_KEY": key.strip()}


@pytest.mark.parametrize(
    "wrong",
    [
        "a secret that is no key",
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(ed25519.Ed25519PrivateKey.generate()),
        pem(ec.generate_private_key(ec.SECP256R1()), b"a password"),
    ],
    ids=["no key", "another curve", "another kind", "behind a password"],
)
def test_what_is_no_such_key_is_refused_without_saying_it(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSH_KEY", wrong)
    with pytest.raises(env.Misconfigured, match=r"^PUSH_KEY is no private key") as refused:
        push_settings()
    assert wrong[:20] not in str(refused.value)


def test_what_is_no_demo_does_not_pass_its_check_with_the_stand_in_of_tests(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "fusus_portal.demo")
    call_command("check", tags=["security"])
    settings.PUSH_TEST_PEER = "http://127.0.0.1:9"
    with pytest.raises(SystemCheckError, match=r"push\.E001"):
        call_command("check", tags=["security"])
