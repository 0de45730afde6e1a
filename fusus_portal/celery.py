"""Celery, which runs the tasks of all apps. The schedule is in settings/tasks.py."""

import os
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from celery import Celery
from celery.signals import heartbeat_sent, worker_init
from django.apps import apps
from django.conf import settings

from fusus_portal.ground.env import Misconfigured
from fusus_portal.ground.heartbeats import Part, show

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fusus_portal.settings.production")


def nouns() -> list[str]:
    """Return the packages inside our apps; Celery looks for a `tasks` module in each."""
    ours = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    return [f"{app.name}.{found.name}" for app in ours for found in iter_modules([app.path]) if found.ispkg]


app = Celery("fusus_portal", task_cls="fusus_portal.ground.recorded_task:RecordedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(nouns)

import_module("fusus_portal.ground.queues")  # adds the time of sending to each task


@heartbeat_sent.connect
def show_that_the_worker_lives(**_named: object) -> None:
    """Show the worker as alive on the health page: Celery calls this every two seconds while the broker answers."""
    show(Part.WORKER)


@worker_init.connect
def refuse_where_uploads_can_not_be_kept(**_named: object) -> None:
    """End a worker that can't write uploads before it takes a task. Celery passes on only SystemExit from here."""
    try:
        import_module("fusus_portal.uploads").must_be_writable()
    except Misconfigured as wrong:
        raise SystemExit(str(wrong)) from wrong
