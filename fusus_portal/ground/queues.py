import json
import time
from datetime import UTC, datetime
from typing import Any, Final

from celery.signals import before_task_publish
from kombu.transport.redis import Channel

FIRST: Final = 0
LATER: Final = 3
"""Priorities in kombu, a list each. LATER's list is read while FIRST's is empty."""

HANDED_AT: Final = "handed_at"
"""Task header: Unix time of queueing."""


@before_task_publish.connect
def note_time(headers: dict[str, Any], **_named: object) -> None:
    headers[HANDED_AT] = time.time()


def list_of(queue: str, priority: int) -> str:
    return f"{queue}{Channel.sep}{priority}" if priority else queue


def oldest(channel: Any, queue: str) -> dict[int, datetime]:
    """Return the queueing time of the next task by priority, without empty lists. channel: of kombu, to Redis."""
    heads = {priority: channel.client.lindex(list_of(queue, priority), -1) for priority in (FIRST, LATER)}
    return {priority: _handed_at(head) for priority, head in heads.items() if head is not None}


def _handed_at(task: bytes) -> datetime:
    # A task of an earlier release has no header, and counts as very old.
    return datetime.fromtimestamp(json.loads(task)["headers"].get(HANDED_AT, 0.0), UTC)
