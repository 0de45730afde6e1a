"""Celery's beat, the process that starts scheduled tasks, with a sign of life for the health page."""

import os
import tempfile
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler

from fusus_portal.ground.heartbeats import EVERY_SECONDS, Part, show


class LivingScheduler(PersistentScheduler):
    """A scheduler of Celery that shows a sign of life at each tick, at least every EVERY_SECONDS."""

    schedule_filename: str

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.max_interval = EVERY_SECONDS

    def setup_schedule(self) -> None:
        """Read when each task last ran. Raises SystemExit if the file with those times can't be written."""
        file = Path(self.schedule_filename).resolve()
        try:
            with tempfile.TemporaryFile(dir=file.parent):
                pass
            for kept in file.parent.glob(f"{file.name}*"):
                os.close(os.open(kept, os.O_RDWR))
        except OSError as wrong:
            raise SystemExit(
                f"Beat notes in {file.parent} when it did what, and can't write there ({wrong.strerror}). Give the "
                f"directory, and {file.name} where it is there, to the account that beat runs as."
            ) from wrong
        super().setup_schedule()

    def tick(self, *arguments: Any, **named: Any) -> float:
        """Send due tasks; return the seconds until the next one."""
        show(Part.BEAT)
        return super().tick(*arguments, **named)
