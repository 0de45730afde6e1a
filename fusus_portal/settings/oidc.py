"""Sign-in at the agency's own identity provider (OpenID Connect). Off until OIDC_ISSUER is set."""

from urllib.parse import urlsplit

from fusus_portal.ground import env

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def issuer(url: str) -> str:
    """Return the identity provider's address. Raises Misconfigured unless it is https, or http on this machine."""
    parts = urlsplit(url)
    if url and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise env.Misconfigured("OIDC_ISSUER", f"is {url!r}", "Write the https address of your identity provider.")
    return url


def claims(name: str) -> list[tuple[str, str]]:
    """Return the claims in a variable, written `claim=value, claim=value`; a claim may repeat. Raises Misconfigured."""
    found = [word.partition("=") for word in env.words(name)]
    if any(not (claim and equals and value) for claim, equals, value in found):
        raise env.Misconfigured(name, "can't be read", "Write claim=value, for example amr=mfa.")
    return [(claim.strip(), value.strip()) for claim, _equals, value in found]


OIDC_ISSUER = issuer(env.text("OIDC_ISSUER"))
OIDC_CLIENT_ID = env.required("OIDC_CLIENT_ID", hint="Your provider shows it.") if OIDC_ISSUER else ""
OIDC_CLIENT_SECRET = env.secret("OIDC_CLIENT_SECRET", hint="Your provider shows it once.") if OIDC_ISSUER else ""
OIDC_NAME = env.text("OIDC_NAME", "agency account")
"""Name of the identity provider on the button "Sign in with <name>"."""
OIDC_SCOPE = env.text("OIDC_SCOPE", "openid email")
OIDC_EMAIL_VERIFIED_CLAIM = env.text("OIDC_EMAIL_VERIFIED_CLAIM", "email_verified")
"""Claim by which the provider vouches for the e-mail address."""
OIDC_MFA_CLAIM = claims("OIDC_MFA_CLAIM")
"""Any of these claims proves a second factor at the provider; without one the portal asks for its own."""
