"""An incident that dispatch sent, and what dispatch says of it later."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from django.utils import timezone

from registry.incidents.models import Incident
from tests.registry.incidents.dispatching import Sender, deliver, item, moment

_numbers = count(1)


@dataclass
class Dispatched:
    """One such incident, with the system that sent it."""

    sender: Sender = field(default_factory=Sender)
    number: str = field(default_factory=lambda: f"2026-6{next(_numbers):05}")

    def opens(self) -> Incident:
        """Let dispatch open it, some minutes ago."""
        early = moment(timezone.now() - timedelta(minutes=9))
        deliver(self.sender.token(item(self.number, as_of=early)))
        return self.incident

    def moves(self) -> None:
        """Let dispatch say that it is elsewhere."""
        deliver(self.sender.token(item(self.number, place="Kelly Ingram Park, 16th Street North", latitude=33.5162)))

    @property
    def incident(self) -> Incident:
        """The incident as it is now."""
        return Incident.objects.select_related("type").get(number=self.number)
