"""Work that asks the database, away from the loop: in threads that have the connections of what is urgent."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from django.db import connection

from fusus_portal.ground.serving import lanes
from fusus_portal.ground.serving.lanes import Lane

Result = TypeVar("Result")
THREADS: Final = 6


class Threads:
    """Threads of a relay. number: how many."""

    def __init__(self, number: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(number, "relay", initializer=lambda: lanes.enter(Lane.URGENT))

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what work returns, and raise what it raises. Its connection is given back behind it."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _with_connection, work)

    def close(self) -> None:
        """Let nothing more begin."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _with_connection(work: Callable[[], Result]) -> Result:
    try:
        return work()
    finally:
        connection.close()
