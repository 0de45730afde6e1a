"""Queueing of tasks on the broker. A lost task is harmless: a task of the beat finds its row."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.utils import timezone
from kombu import Connection, Producer
from kombu.exceptions import OperationalError
from kombu.pools import producers

from fusus_portal.ground import queues

logger = logging.getLogger(__name__)

DELIVER: Final = "notifications.deliver"
SWEEP: Final = "notifications.sweep"

QUIET_SECONDS = 10.0
IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 1.0,
    "socket_timeout": 2.0,
}
"""Settings of the broker's connection while a person waits for an act: one immediate retry, short timeouts."""


class BrokerAway(Exception):
    """The broker does not answer."""


class Broker:
    """Queues tasks. After a failure it pauses for QUIET_SECONDS: otherwise each message would wait for its timeout."""

    def __init__(self) -> None:
        self._quiet_until = 0.0
        self._connection: Connection | None = None

    def offer(self, pk: UUID | str, *, task: str = DELIVER, priority: int = queues.FIRST) -> bool:
        """Queue a task for the row with this id; return False, and raise nothing, if the broker is down."""
        return self._hand_over(task, [str(pk)], priority)

    def wake(self, task: str) -> bool:
        """Queue a task of the beat now, without arguments; otherwise as `offer`."""
        return self._hand_over(task, [], queues.FIRST)

    def oldest(self, queue: str) -> dict[int, datetime]:
        """Return the time when a queue's next task was queued, by priority. Raises BrokerAway."""
        with self._producer() as producer:
            return queues.oldest(producer.channel, queue)

    def _hand_over(self, task: str, arguments: list[str], priority: int) -> bool:
        try:
            with self._producer() as producer:
                current_app.signature(task, args=arguments).apply_async(
                    producer=producer, retry=False, priority=priority
                )
        except BrokerAway:
            return False
        return True

    @contextmanager
    def _producer(self) -> Iterator[Producer]:
        if monotonic() < self._quiet_until:
            raise BrokerAway
        connection = self._connect()
        silence: tuple[type[BaseException], ...] = (
            OperationalError,
            *connection.connection_errors,
            *connection.channel_errors,
        )
        try:
            with producers[connection].acquire(block=True) as producer:
                yield producer
        except silence as fault:
            self._quiet_until = monotonic() + QUIET_SECONDS
            logger.warning("The broker does not answer (%s); work waits for the sweeper.", type(fault).__name__)
            raise BrokerAway from fault

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = current_app.connection_for_write(transport_options=IMPATIENT)
        return self._connection


broker = Broker()


def longest_waits() -> dict[str, timedelta]:
    """Return the wait of each queue's oldest task. Raises BrokerAway."""
    now = timezone.now()
    return {name: now - min(broker.oldest(name).values(), default=now) for name in settings.QUEUES}
