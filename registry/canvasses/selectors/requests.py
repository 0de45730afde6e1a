"""What owners see of the requests to them, and of the footage that they gave."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from registry.models import Evidence, FootageRequest, Registrant
from registry.policies.retention import held
from registry.states import EvidenceState, IncidentState, RequestState


@dataclass(frozen=True, slots=True)
class Given:
    """A file that an owner gave, and whether a legal hold is on it: that there is one, never why."""

    file: Evidence
    is_held: bool


def of(registrant: Registrant) -> QuerySet[Any]:
    """Return every request to a registrant: those that wait for an answer first, then the latest.

    Each has `waits`, and `files`: how many were given to it.
    """
    waits = FootageRequest.objects.filter(
        pk=OuterRef("pk"),
        state=RequestState.SENT,
        expires_at__gt=timezone.now(),
        incident__state=IncidentState.OPEN,
    )
    requests = registrant.requests.select_related("incident__type", "canvass__sent_by", "canvass__created_by")
    counted = requests.annotate(waits=Exists(waits), files=Count("evidence"))
    return counted.order_by("-waits", "-sent_at", "pk")


def given(request: FootageRequest) -> list[Given]:
    """Return the files that were given to a request, deleted ones too, in the order in which they came."""
    files = request.evidence.select_related("upload__camera").annotate(on_hold=held())
    return [Given(file, file.on_hold and is_there(file)) for file in files.order_by("received_at", "pk")]


def is_there(file: Evidence) -> bool:
    """Tell whether a file is not deleted yet."""
    return file.state != EvidenceState.DELETED
