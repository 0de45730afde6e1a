from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from registry.access_log.models import LookDelay
from registry.canvasses.models.canvasses import FootageRequest
from registry.incidents.models.incidents import Incident
from registry.incidents.selectors import incidents
from registry.people.models import Registrant
from registry.rules import LOOKS_SETTLE


@dataclass(frozen=True, slots=True)
class Withheld:
    """Entries that an owner can't read yet. until: by incident, when its entries open.

    unknown: nobody can tell now, so all entries about incidents are withheld. at: the moment that this is about. A
    refused view is withheld for a quarter of an hour.
    """

    until: Mapping[str, datetime] = field(default_factory=dict)
    unknown: bool = False
    at: datetime = field(default_factory=timezone.now)

    def hides(self, entry: AuditEntry) -> bool:
        """True if the owner may know only that this entry exists."""
        delayed = entry.incident_id in self.until or (self.unknown and entry.incident_id != "")
        return delayed or self._is_young(entry)

    def opens(self, entry: AuditEntry) -> datetime | None:
        """Return when the owner can read an entry, None if nobody can tell."""
        until = self.until.get(entry.incident_id)
        return entry.at + LOOKS_SETTLE if until is None and self._is_young(entry) and not self.unknown else until

    @property
    def entries(self) -> Q:
        delayed = Q(incident_id__isnull=False) if self.unknown else Q(incident_id__in=list(self.until))
        return delayed | Q(event=Event.VIEW_REFUSED.value, at__gt=self.at - LOOKS_SETTLE)

    def _is_young(self, entry: AuditEntry) -> bool:
        return entry.event == Event.VIEW_REFUSED and entry.at > self.at - LOOKS_SETTLE


def running(now: datetime) -> QuerySet[LookDelay]:
    """Return the delays in force. A delay ends after its days, and as soon as its owner is asked for footage."""
    asked = FootageRequest.objects.filter(incident=OuterRef("incident"), registrant=OuterRef("registrant"))
    return LookDelay.objects.filter(~Exists(asked), starts_at__lte=now, ends_at__gt=now)


def withheld_from(registrant: Registrant) -> Withheld:
    """Return what this owner can't read yet, in one query; after a database error everything about incidents."""
    try:
        with transaction.atomic():
            delays = running(timezone.now()).filter(registrant=registrant)
            return Withheld({str(incident): until for incident, until in delays.values_list("incident_id", "ends_at")})
    except DatabaseError:
        return Withheld(unknown=True)


def of_incident(incident: Incident) -> QuerySet[LookDelay]:
    delays = LookDelay.objects.filter(incident=incident).select_related("camera", "placed_by", "ended_by")
    return delays.order_by("registrant_id", "-number")


def one(by: User, pk: UUID) -> LookDelay:
    """Return a delay of a visible incident. Raises NotYours."""
    visible = incidents.visible_to(by)
    found = LookDelay.objects.select_related("incident__type", "camera").filter(pk=pk, incident__in=visible)
    return find_or_refuse(found, _("There is no such delay."), subject=("look_delay", str(pk)))
