"""Settings of production. Each setting that matters is required: no default can surprise."""

from pathlib import Path

from fusus_portal.ground import env
from fusus_portal.ground.geo.counties import UnknownCounty, check_code

from .agency import county_fips
from .base import *  # noqa: F403
from .base import caches, databases, storages
from .channels import mail_settings, push_settings, text_settings
from .oidc import OIDC_ISSUER
from .payments import payment_settings
from .security import TRUSTED_PROXY_COUNT
from .tasks import broker_address

YEAR = 365 * 24 * 60 * 60
SHORTEST_KEY = 50

SECRET_KEY = env.required("SECRET_KEY", hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'")
if len(SECRET_KEY) < SHORTEST_KEY:
    raise env.Misconfigured("SECRET_KEY", "is too short", f"Use {SHORTEST_KEY} characters or more.")

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise env.Misconfigured("ALLOWED_HOSTS", "is not set", "Write the host names, with commas.")

SITE_URL = env.required("SITE_URL", hint="For example https://portal.sheriff.example")
if not SITE_URL.startswith("https://"):
    raise env.Misconfigured("SITE_URL", f"is {SITE_URL!r}", "Links in messages begin with it: write an https address.")

if OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    raise env.Misconfigured("OIDC_ISSUER", f"is {OIDC_ISSUER!r}", "Write the https address of your identity provider.")

AGENCY_NAME = env.required("AGENCY_NAME", hint="The agency's name as the public knows it.")
AGENCY_PHONE = env.required("AGENCY_PHONE", hint="People call it to learn whether a request is real.")
AGENCY_NEWS_URL = env.required("AGENCY_NEWS_URL", hint="Where the agency announces things, in public.")
COUNTY_FIPS = county_fips("COUNTY_FIPS", env.required("COUNTY_FIPS", hint="For example 01073."))
try:
    check_code(COUNTY_FIPS)
except UnknownCounty as unknown:
    raise env.Misconfigured(
        "COUNTY_FIPS", f"is {COUNTY_FIPS!r}", "No county has this code: write the five digits of the Census Bureau."
    ) from unknown

DATABASES = databases(hint="For example postgresql://portal_app:...@host/portal")

REDIS_URL = env.required("REDIS_URL", hint="For example redis://localhost:6379/0")
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_address(REDIS_URL)

UPLOADS_ROOT = Path(env.required("UPLOADS_ROOT", hint="A directory on an encrypted disk."))
CELERY_BEAT_SCHEDULE_FILENAME = str(UPLOADS_ROOT / "beat")
BACKUP_REPORT = UPLOADS_ROOT / "last-backup"
STORAGES = storages(UPLOADS_ROOT, "whitenoise.storage.CompressedManifestStaticFilesStorage")

DEFAULT_FROM_EMAIL = env.required("DEFAULT_FROM_EMAIL", hint="The sender of all messages.")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
globals().update(mail_settings("EMAIL_URL", env.required("EMAIL_URL", hint="smtp://user:password@host:587")))

globals().update(payment_settings(loopback=False))
globals().update(text_settings(loopback=False))
globals().update(push_settings())

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = YEAR
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
