"""The agency's own identity provider (OpenID Connect). It proves identity; roles are given by two administrators.

Authlib does the protocol: code flow with PKCE (S256), state, nonce, and all checks of the ID token.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

from fusus_portal.ground.notifications.addresses import absolute

NAME: Final = "agency"
BEGUN: Final = "oidc_begun"
SECONDS_TO_ANSWER: Final = 10
CLOCK_SKEW_SECONDS: Final = 30
AN_HOUR: Final = 3600
ASYMMETRIC: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)


class NotProved(Exception):
    """The provider did not identify the person, or its answer is invalid."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The provider's answer. email: "" unless verified. at: Unix time of the check there, 0 if not given."""

    issuer: str
    subject: str
    email: str
    has_second_factor: bool
    at: float


@dataclass(frozen=True, slots=True)
class Begun:
    """A browser sent to the provider. again: a signed-in person is checked once more. at: Unix time of sending."""

    next_page: str
    again: bool
    at: float


def is_configured() -> bool:
    return bool(settings.OIDC_ISSUER)


def send(request: HttpRequest, *, next_page: str, again: bool) -> HttpResponse:
    """Send the browser to the provider. again: the password must be typed anew. Raises NotProved if it is down."""
    wanted = {"prompt": "login", "max_age": 0} if again else {"max_age": int(settings.SIGN_IN_LIMIT.total_seconds())}
    try:
        answer: HttpResponse = _client().authorize_redirect(request, absolute(reverse("oidc_callback")), **wanted)
    except (AuthlibBaseError, RequestException, RuntimeError, ValueError) as error:
        raise NotProved from error
    request.session[BEGUN] = {"next_page": next_page, "again": again, "at": time.time()}
    return answer


def receive(request: HttpRequest) -> tuple[Proof, Begun]:
    """Return the provider's proof, and the `Begun` that it answers. Raises NotProved for an invalid answer."""
    begun = Begun(**request.session.pop(BEGUN, {"next_page": "", "again": False, "at": time.time()}))
    try:
        client = _client()
        token = client.authorize_access_token(request)
        claims = _claims(client, token)
        proof = _proof(claims)
    except (AuthlibBaseError, JoseError, RequestException, RuntimeError, LookupError, TypeError, ValueError) as error:
        raise NotProved from error
    _must_be_fresh(proof, begun)
    return proof, begun


def _claims(client: Any, token: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ID token's claims; a missing e-mail address comes from userinfo of the same subject."""
    claims = dict(token["userinfo"])
    if "email" not in claims and client.server_metadata.get("userinfo_endpoint"):
        more = dict(client.userinfo(token=token))
        if more.get("sub") != claims["sub"]:
            raise NotProved
        claims = {**more, **claims}
    return claims


def _proof(claims: Mapping[str, Any]) -> Proof:
    verified = claims.get(settings.OIDC_EMAIL_VERIFIED_CLAIM) in (True, "true", "1", 1)
    return Proof(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=str(claims.get("email", "")).strip().lower() if verified else "",
        has_second_factor=any(value in _values(claims.get(name)) for name, value in settings.OIDC_MFA_CLAIM),
        at=min(float(claims.get("auth_time") or 0), time.time()),
    )


def _values(claim: object) -> list[str]:
    return [str(value) for value in claim] if isinstance(claim, list) else [str(claim)] if claim is not None else []


def _must_be_fresh(proof: Proof, begun: Begun) -> None:
    """Raise NotProved for a proof that is too old, or without a time if `again` demands one (OpenID Core, 3.1.2.1)."""
    oldest = begun.at if begun.again else time.time() - settings.SIGN_IN_LIMIT.total_seconds()
    if (begun.again or proof.at) and proof.at < oldest - CLOCK_SKEW_SECONDS:
        raise NotProved


def _client() -> Any:
    found = (settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, settings.OIDC_SCOPE)
    client = _made(*found, int(time.time() // AN_HOUR))
    metadata = client.load_server_metadata()
    if str(metadata.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
        raise NotProved
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in ASYMMETRIC]
    return client


@lru_cache(maxsize=1)
def _made(issuer: str, client_id: str, client_secret: str, scope: str, _hour: int) -> Any:
    """Return Authlib's client of the provider, made anew each hour to pick up changes at the provider."""
    oauth = OAuth()
    oauth.register(
        NAME,
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "default_timeout": SECONDS_TO_ANSWER},
    )
    return oauth.create_client(NAME)
