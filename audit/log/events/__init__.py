"""The closed list of events."""

from audit.log.events.event_type import KEPT, EventType
from audit.log.events.meanings import EVENTS, REFUSALS
from audit.log.events.names import Event

__all__ = ["EVENTS", "KEPT", "REFUSALS", "Event", "EventType"]
