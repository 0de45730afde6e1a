"""Beat as Celery has it, which also shows that it lives."""

import os
import tempfile
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler

from fusus_portal.ground.heartbeats import EVERY_SECONDS, Part, show


class LivingScheduler(PersistentScheduler):
    """Shows it at each look at the clock, and looks at least every few seconds."""

    schedule_filename: str

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.max_interval = EVERY_SECONDS

    def setup_schedule(self) -> None:
        """Read the file of the last runs. SystemExit with a sentence where it can't be kept."""
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
        """Send what is due; return how long there is nothing to do, in seconds."""
        show(Part.BEAT)
        return super().tick(*arguments, **named)
