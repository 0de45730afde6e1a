import json
import time
from datetime import UTC, datetime
from typing import Any, Final

from celery.signals import before_task_publish
from kombu.transport.redis import Channel

FIRST: Final = 0
LATER: Final = 3
"""Priorities of tasks; kombu keeps a list for each. Workers read LATER's list while FIRST's is empty."""

HANDED_AT: Final = "handed_at"
"""Header of a task with the Unix time at which it was queued."""


@before_task_publish.connect
def note_time(headers: dict[str, Any], **_named: object) -> None:
    headers[HANDED_AT] = time.time()


def list_of(queue: str, priority: int) -> str:
    return f"{queue}{Channel.sep}{priority}" if priority else queue


def oldest(channel: Any, queue: str) -> dict[int, datetime]:
    """Return when the next task of each priority was queued, without empty lists. channel: kombu's, to Redis."""
    heads = {priority: channel.client.lindex(list_of(queue, priority), -1) for priority in (FIRST, LATER)}
    # A task of an earlier release has no header, and counts as very old.
    return {
        priority: datetime.fromtimestamp(json.loads(head)["headers"].get(HANDED_AT, 0.0), UTC)
        for priority, head in heads.items()
        if head is not None
    }
