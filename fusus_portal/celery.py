"""The task queue. What it does when is in settings/tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fusus_portal.settings.production")

app = Celery("fusus_portal", task_cls="fusus_portal.recorded_task:RecordedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
