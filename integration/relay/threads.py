"""Work that asks the database, done in threads so that the event loop never waits, on connections for urgent work."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from django.db import connection

from fusus_portal.ground.serving import lanes

Result = TypeVar("Result")
THREADS: Final = 6


class Threads:
    def __init__(self, number: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(number, "relay", initializer=lambda: lanes.enter(lanes.Lane.URGENT))

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run `work` in a thread; return what it returns, or raise what it raises. Its connection is given back."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _with_connection, work)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _with_connection(work: Callable[[], Result]) -> Result:
    try:
        return work()
    finally:
        connection.close()
