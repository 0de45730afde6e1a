"""Settings of tests. The tests fill in the database's address; nothing leaves the machine."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fusus_portal.demo.servers import places
from fusus_portal.ground.database.address import connection_settings

from .base import *  # noqa: F403
from .base import BASE_DIR, INSTALLED_APPS, caches, storages
from .channels import text_settings
from .payments import payment_settings
from .security import content_policy
from .tasks import broker_address

SECRET_KEY = "for tests only"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
INSTALLED_APPS = [*INSTALLED_APPS, "fusus_portal.demo"]

# The harness points databases and storages at what it made for the run.
DATABASES = {"default": connection_settings("DATABASE_URL", "postgresql://portal_app@localhost/not_set_up")}
MIGRATOR_DATABASE = None
SEALER_DATABASE = None
LEDGER_HEAD_FILE = ""
LEDGER_FILLER_SECONDS = 0.0  # tests of fillers set it

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
REDIS_URL = places.valkey_url(places.tests(BASE_DIR), int(WORKER.removeprefix("gw")))
LIVE_REDIS_URL = places.live_url(places.tests(BASE_DIR), int(WORKER.removeprefix("gw")))
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_address(REDIS_URL)
STORAGES = storages(Path("/nonexistent"), "django.contrib.staticfiles.storage.StaticFilesStorage")
EVEN_ANSWER_SECONDS = 0.0
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
globals().update(payment_settings(loopback=True))
globals().update(text_settings(loopback=True))
PUSH_KEY = (
    ec.derive_private_key(20261128, ec.SECP256R1())
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode("ascii")
)
STRIPE_API_BASE = "http://127.0.0.1:9"  # nobody listens; a test that pays runs the payment peer
CONTENT_SECURITY_POLICY = content_policy(payment_pages=["http://127.0.0.1:*"])
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys at http://localhost
MESSAGE_SEAL_SECONDS = 0  # no sealer runs beside most tests; tests of the wait run one and set this
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "portal@sheriff.example"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
