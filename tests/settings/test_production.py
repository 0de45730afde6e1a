"""Production says what is missing before anything is served, and opens nothing of the demo by accident."""

import runpy
from typing import Any

import pytest

from fusus_portal.ground import env
from fusus_portal.tools.checks import PRODUCTION

NEEDED = sorted(set(PRODUCTION) - {"DJANGO_SETTINGS_MODULE"})


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)


def settings() -> dict[str, Any]:
    return runpy.run_module("fusus_portal.settings.production")


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_variable_is_named_with_a_hint(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(env.Misconfigured, match=rf"^{name} is not set\. \S"):
        settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SITE_URL", "http://portal.sheriff.example"),
        ("COUNTY_FIPS", "Jefferson"),
        ("DATABASE_URL", "mysql://localhost/portal"),
        ("EMAIL_URL", "mail.sheriff.example"),
        ("EMAIL_URL", "smtp://mail.sheriff.example?tls=false"),
        ("EMAIL_URL", "smtp://mail.sheriff.example?tls=no&tls=yes"),
        ("DATABASE_POOL", "none"),
    ],
)
def test_a_value_that_would_do_harm_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(env.Misconfigured, match=rf"^{name} "):
        settings()


def test_nothing_of_the_demo_is_there() -> None:
    found = settings()
    assert found["DEBUG"] is False
    assert [app for app in found["INSTALLED_APPS"] if "demo" in app] == []
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert found["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")
    assert "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN" not in found


def test_only_https_reaches_it_and_cookies_stay_there() -> None:
    found = settings()
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert (found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"], found["EMAIL_PORT"]) == (True, False, 465)
