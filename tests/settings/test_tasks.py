"""The tasks of the worker, their queues and their times."""

import subprocess
import sys

from celery import current_app
from django.conf import settings
from redis import Redis

from audit.console import services as console
from fusus_portal.ground.queues import FIRST, LATER, list_of
from fusus_portal.ground.streets import services as streets
from registry.footage.services import uploads
from registry.imports.services import exports, imports
from tests.peers.queue import lists
from tests.repo.sources import ROOT

FOUND = """
import django
django.setup()
from fusus_portal.celery import app
app.loader.import_default_modules()
print("\\n".join(app.tasks))
"""


def test_a_worker_finds_every_task_that_is_planned_or_offered() -> None:
    known = subprocess.run([sys.executable, "-c", FOUND], cwd=ROOT, check=True, capture_output=True, text=True)
    planned = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    offered = {console.MAKER, streets.READER, imports.WORKER, exports.MAKER}
    assert (planned | offered | set(uploads.NEXT_TASK.values())) - set(known.stdout.split("\n")) == set()


def test_each_task_has_one_queue_and_those_of_the_clock_expire_at_their_next_turn() -> None:
    queues = {task: route["queue"] for task, route in settings.CELERY_TASK_ROUTES.items()}
    assert (queues["notifications.deliver"], queues["notifications.sweep"]) == ("messages", "clock")
    assert not {"registry.receive_footage", *settings.LONG_TURNS} & set(queues)
    assert settings.CELERY_TASK_DEFAULT_QUEUE == "files"
    expiries = {row["task"]: row["options"]["expires"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    assert (expiries["registry.remind"], expiries["integration.sweep_views"]) == (900.0, 15.0)
    assert (expiries["accounts.daily_round"], expiries["registry.report_leads"]) == (86_400.0, 604_800.0)
    assert set(expiries) == set(settings.TASK_TIMES)


def test_a_task_goes_to_the_list_of_its_queue_and_its_priority() -> None:
    sent = [("notifications.deliver", LATER), ("notifications.deliver", FIRST), ("audit.make_print", FIRST)]
    for task, priority in sent:
        current_app.signature(task, args=["1"]).apply_async(priority=priority)
    current_app.signature("notifications.sweep").apply_async()
    with Redis.from_url(settings.REDIS_URL) as server:
        found = {name: server.llen(name) for name in lists()}
    assert found == dict.fromkeys(lists(), 0) | {
        "messages": 1,
        list_of("messages", LATER): 1,
        "files": 1,
        "clock": 1,
    }
