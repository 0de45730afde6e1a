"""Tells the workers that a message is waiting. Losing this is harmless: the sweeper finds the row."""

import logging
from collections.abc import Sequence
from time import monotonic
from uuid import UUID

from celery import current_app
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.pools import producers

logger = logging.getLogger(__name__)

DELIVER = "notifications.deliver"
SPREAD = "notifications.spread"
AT_ONCE = 500
"""Messages that are named to the workers in one call; a worker then names each of them to all workers."""

QUIET_SECONDS = 10.0
IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 1.0,
    "socket_timeout": 2.0,
}
"""A person waits for the act: one more try at once, no pause, and no long wait for a server that is not there."""


class Broker:
    """Hands messages to the workers, and remembers for a few seconds that the broker did not answer.

    Without this each message of an act, and each act, would wait for its own time limit.
    """

    def __init__(self) -> None:
        self._quiet_until = 0.0
        self._connection: Connection | None = None

    def offer(self, pk: UUID | str, *, task: str = DELIVER, pause: float = 0.0) -> bool:
        """Hand over the id of what waits; return whether the broker took it. A broker that is down raises nothing.

        pause: seconds before a worker takes it up.
        """
        return self._hand_over(task, str(pk), pause)

    def offer_many(self, pks: Sequence[UUID], *, pause: float = 0.0) -> bool:
        """Hand over the ids of messages that wait, in one call; otherwise as `offer`."""
        return self._hand_over(SPREAD, [str(pk) for pk in pks], pause)

    def _hand_over(self, task: str, argument: str | list[str], pause: float) -> bool:
        if monotonic() < self._quiet_until:
            return False
        connection = self._connect()
        silence: tuple[type[BaseException], ...] = (
            OperationalError,
            *connection.connection_errors,
            *connection.channel_errors,
        )
        try:
            with producers[connection].acquire(block=True) as producer:
                current_app.signature(task, args=[argument]).apply_async(
                    producer=producer, retry=False, countdown=pause
                )
        except silence as fault:
            self._quiet_until = monotonic() + QUIET_SECONDS
            logger.warning("The broker does not answer (%s); work waits for the sweeper.", type(fault).__name__)
            return False
        return True

    def forget(self) -> None:
        """Ask the broker anew at the next message."""
        self._quiet_until = 0.0
        self._connection = None

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = current_app.connection_for_write(transport_options=IMPATIENT)
        return self._connection


broker = Broker()


def publish_many(pks: Sequence[UUID], *, pause: float = 0.0) -> bool:
    """Offer many messages to the workers, in as few calls as that takes: a person waits for the act.

    Returns whether all were taken. What was not, and what a worker loses on the way, the sweeper finds.
    """
    if len(pks) == 1:
        return broker.offer(pks[0], pause=pause)
    return all(broker.offer_many(pks[start : start + AT_ONCE], pause=pause) for start in range(0, len(pks), AT_ONCE))
