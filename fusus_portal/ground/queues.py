"""The workers' queues in Redis: the priorities inside one, and when its tasks were handed over."""

import json
import time
from datetime import UTC, datetime
from typing import Any, Final

from celery.signals import before_task_publish
from kombu.transport.redis import Channel

FIRST: Final = 0
LATER: Final = 3
"""Priorities, as kombu knows them. Each is a list; the one of LATER is touched while the one of FIRST is empty."""

HANDED_AT: Final = "handed_at"
"""Header of each task: when it was handed over, in seconds since 1970."""


@before_task_publish.connect
def note_time(headers: dict[str, Any], **_named: object) -> None:
    """Write into a task when it is handed over. The worker of a task reads nothing of it."""
    headers[HANDED_AT] = time.time()


def list_of(queue: str, priority: int) -> str:
    """Return the name of a queue's list in Redis, as kombu calls it."""
    return f"{queue}{Channel.sep}{priority}" if priority else queue


def oldest(channel: Any, queue: str) -> dict[int, datetime]:
    """Return when the next task of a queue was handed over, by its priority; without those where none waits.

    channel: of kombu, to Redis. A task that does not say, of an earlier release, counts as very old.
    """
    heads = {priority: channel.client.lindex(list_of(queue, priority), -1) for priority in (FIRST, LATER)}
    return {priority: _handed_at(head) for priority, head in heads.items() if head is not None}


def _handed_at(task: bytes) -> datetime:
    return datetime.fromtimestamp(json.loads(task)["headers"].get(HANDED_AT, 0.0), UTC)
