"""What the worker does, and when."""

import subprocess
import sys

from django.conf import settings

from tests.repo.sources import ROOT

FOUND = """
import django
django.setup()
from fusus_portal.celery import app
app.loader.import_default_modules()
print("\\n".join(app.tasks))
"""


def test_a_worker_finds_every_task_of_the_schedule() -> None:
    known = subprocess.run([sys.executable, "-c", FOUND], cwd=ROOT, check=True, capture_output=True, text=True)
    planned = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned - set(known.stdout.split("\n")) == set()
