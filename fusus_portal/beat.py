"""Beat as Celery has it, which also shows that it lives."""

from typing import Any

from celery.beat import PersistentScheduler

from fusus_portal.ground.heartbeats import EVERY_SECONDS, Part, show


class LivingScheduler(PersistentScheduler):
    """Shows it at each look at the clock, and looks at least every few seconds."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.max_interval = EVERY_SECONDS

    def tick(self, *arguments: Any, **named: Any) -> float:
        """Send what is due; return how long there is nothing to do, in seconds."""
        show(Part.BEAT)
        return super().tick(*arguments, **named)
