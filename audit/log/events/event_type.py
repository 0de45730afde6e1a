"""What the product knows of an event."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise

KEPT = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class EventType:
    """What the product knows of an event.

    sentence: what an owner or auditor reads; it completes "<who> ...".
    owner: the owner of the camera sees it. counted: it feeds the public report.
    agency: people who work on the incident see it. Never what would tell a refusal from silence (promise R4).
    """

    sentence: str | Promise
    owner: bool = False
    agency: bool = False
    counted: bool = False
    kept: timedelta = KEPT
