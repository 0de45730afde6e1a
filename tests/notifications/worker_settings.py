"""Settings of a worker that a test starts and kills: the test's database, broker and mail server."""

from pathlib import Path

from fusus_portal.ground import env
from fusus_portal.ground.database.address import connection_settings
from fusus_portal.settings.base import *  # noqa: F403
from fusus_portal.settings.base import INSTALLED_APPS, caches, storages
from fusus_portal.settings.channels import mail_settings
from fusus_portal.settings.tasks import broker_address

HINT = "The test that starts this worker sets it."

SECRET_KEY = "for tests only"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.notifications.sample_app.SampleConfig"]
DATABASES = {"default": connection_settings("DATABASE_URL", env.required("DATABASE_URL", hint=HINT))}
REDIS_URL = env.required("REDIS_URL", hint=HINT)
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_address(REDIS_URL)
CELERY_WORKER_CONCURRENCY = 2
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "notifications.sweep", "schedule": float(env.text("SWEEP_SECONDS", "1"))}}
CELERY_BEAT_SCHEDULE_FILENAME = env.required("BEAT_FILE", hint=HINT)
STORAGES = storages(
    Path(CELERY_BEAT_SCHEDULE_FILENAME).parent / "uploads", "django.contrib.staticfiles.storage.StaticFilesStorage"
)
DEFAULT_FROM_EMAIL = "portal@sheriff.example"
globals().update(mail_settings("EMAIL_URL", env.required("EMAIL_URL", hint=HINT)))
