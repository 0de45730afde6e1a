"""A real OpenID provider as a Django project of its own (django-oauth-toolkit), in a process and database of its own.

It reads OPENID_SITE: a JSON file with the client, its redirect address, the people, and what is said of each. The
people's claims are read anew for each token, so that a test can change what the provider says.
"""

import json
import os
from pathlib import Path
from typing import Any

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

FILE = Path(os.environ["OPENID_SITE"])
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PAGE = "<form method=post>{% csrf_token %}{{ form.as_p }}<input type=hidden name=next value='{{ next }}'></form>"

settings.configure(
    SECRET_KEY="of the provider, for tests only",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FILE.with_suffix(".sqlite3")}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": PAGE})],
                "context_processors": ["django.template.context_processors.request"],
            },
        }
    ],
    SESSION_COOKIE_NAME="provider_session",
    CSRF_COOKIE_NAME="provider_csrf",
    LOGIN_URL="/login/",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": PEM,
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "who you are", "email": "your address"},
        "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
        "ALLOWED_REDIRECT_URI_SCHEMES": ["http"],
    },
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402  (needs the settings above)
from django.contrib.auth.views import LoginView  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402


class Validator(OAuth2Validator):  # type: ignore[misc]
    """Takes the claims of a person from the file."""

    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Return the claims of the person who signed in."""
        told: dict[str, Any] = json.loads(FILE.read_text())["people"][request.user.username]
        return told


urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]


def _fill() -> None:
    call_command("migrate", verbosity=0)
    wanted = json.loads(FILE.read_text())
    for name in wanted["people"]:
        User.objects.create_user(name, password=wanted["password"])
    Application.objects.create(
        name="portal",
        client_id=wanted["client_id"],
        client_secret=wanted["client_secret"],
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=wanted["redirect_uri"],
        algorithm=Application.RS256_ALGORITHM,
        skip_authorization=True,
    )


_fill()
application = get_wsgi_application()
