"""The closed list of events."""

from audit.log.events.names import KEPT, REFUSALS, Event

__all__ = ["KEPT", "REFUSALS", "Event"]
