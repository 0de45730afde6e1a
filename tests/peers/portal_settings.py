"""Settings of web and worker processes that a test starts: the test's database, queue, files and mail folder."""

from pathlib import Path

from fusus_portal.ground import env
from fusus_portal.ground.database.address import connection_settings, pooled
from fusus_portal.settings.base import *  # noqa: F403
from fusus_portal.settings.base import caches, storages
from fusus_portal.settings.channels import text_settings
from fusus_portal.settings.payments import payment_settings
from fusus_portal.settings.tasks import broker_address
from fusus_portal.settings.test import PUSH_KEY as TEST_PUSH_KEY

HINT = "The test that starts this process sets it."
FILES = Path(env.required("PORTAL_FILES", hint=HINT))

SECRET_KEY = "for tests only"
PUSH_KEY = TEST_PUSH_KEY
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
DATABASES = {
    "default": pooled(
        connection_settings("DATABASE_URL", env.required("DATABASE_URL", hint=HINT)),
        largest=env.number("DATABASE_POOL", 10, least=1),
    ),
}
REDIS_URL = env.required("REDIS_URL", hint=HINT)
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_address(REDIS_URL)
CELERY_BEAT_SCHEDULE_FILENAME = str(FILES / "beat")
CELERY_WORKER_CONCURRENCY = 1
CELERY_BEAT_SCHEDULE = {
    "messages": {"task": "notifications.sweep", "schedule": 1.0},
    "uploads": {"task": "registry.sweep_uploads", "schedule": 1.0},
}
STORAGES = storages(FILES, "django.contrib.staticfiles.storage.StaticFilesStorage")
WHITENOISE_USE_FINDERS = True
globals().update(payment_settings(loopback=True))
globals().update(text_settings(loopback=True))
LEDGER_TILES_REMEMBERED = 0  # these processes see one database after another under one name
LEDGER_FILLER_SECONDS = 0.0  # those of fillers ask for some
MESSAGE_SEAL_SECONDS = 0  # no sealer runs beside these processes
EMAIL_BACKEND = "fusus_portal.demo.mailbox.Mailbox"
EMAIL_FILE_PATH = FILES / "mail"
DEFAULT_FROM_EMAIL = "portal@sheriff.example"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
