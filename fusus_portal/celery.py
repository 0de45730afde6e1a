"""The task queue. What it does when is in settings/tasks.py."""

import os

from celery import Celery
from celery.signals import heartbeat_sent

from fusus_portal.heartbeats import Part, show

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fusus_portal.settings.production")

app = Celery("fusus_portal", task_cls="fusus_portal.recorded_task:RecordedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@heartbeat_sent.connect
def show_that_the_worker_lives(**_named: object) -> None:
    """Pass on the sign of life that a worker sends every two seconds while its broker answers."""
    show(Part.WORKER)
