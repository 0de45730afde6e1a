"""Development and demo: the servers of `make run`, unless the environment names others."""

import sys

from fusus_portal.ground import env

from .base import *  # noqa: F403
from .base import CELERY_BEAT_SCHEDULE, INSTALLED_APPS, LOCAL_DIR, caches, databases, optional_database, storages
from .channels import push_settings, text_settings
from .payments import payment_settings
from .security import content_policy, live_receivers, live_relays
from .tasks import broker_address

HINT = "Run `make run` once: it starts the servers and notes their addresses in .local/."

env.read_file(LOCAL_DIR / "environment")
# Web and worker never see the addresses of the other database roles, nor the key that signs the log.
if sys.argv[0].endswith("manage.py") and sys.argv[1:2] == ["ledger"]:
    env.read_file(LOCAL_DIR / "sealer.environment")
elif sys.argv[0].endswith("manage.py"):
    env.read_file(LOCAL_DIR / "deploy.environment")

SITE_URL = env.text("SITE_URL", "http://localhost:8000")  # each run has its own port
DEBUG = True
SECRET_KEY = env.required("SECRET_KEY", hint=HINT)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
INSTALLED_APPS = [*INSTALLED_APPS, "fusus_portal.demo"]

DATABASES = databases(hint=HINT)
MIGRATOR_DATABASE = optional_database("MIGRATOR_DATABASE_URL")
SEALER_DATABASE = optional_database("SEALER_DATABASE_URL")
FIGURES_OF_TODAY = True
LEDGER_PUBLISH_SECONDS = 60  # a demo is minutes old, and its pages show only published states
LEDGER_HEAD_FILE = env.text("LEDGER_HEAD_FILE")  # from the files read above

REDIS_URL = env.required("REDIS_URL", hint=HINT)
LIVE_REDIS_URL = env.text("LIVE_REDIS_URL")
LIVE_RELAYS = live_relays()
LIVE_RECEIVERS = live_receivers()
CONTENT_SECURITY_POLICY = content_policy()
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_address(REDIS_URL)
CELERY_BEAT_SCHEDULE_FILENAME = str(LOCAL_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    **CELERY_BEAT_SCHEDULE,
    "demo.release_year": {"task": "demo.release_year", "schedule": 20.0, "options": {"expires": 20.0}},
}

BACKUP_REPORT = LOCAL_DIR / "uploads" / "last-backup"
STORAGES = storages(LOCAL_DIR / "uploads", "django.contrib.staticfiles.storage.StaticFilesStorage")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

globals().update(payment_settings(loopback=True))
globals().update(text_settings(loopback=True))
globals().update(push_settings())

MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys at http://localhost
EMAIL_BACKEND = "fusus_portal.demo.mailbox.Mailbox"
EMAIL_FILE_PATH = LOCAL_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portal@sheriff.example")
