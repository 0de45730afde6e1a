from datetime import datetime

from django.db import transaction

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.services import canvasses
from registry.canvasses.services.canvasses import CanvassArea
from registry.incidents.models.types import IncidentType
from registry.incidents.services import incidents, opening_alarms


def begin(
    *,
    by: User,
    number: str,
    type: IncidentType,  # noqa: A002
    place: str,
    point: Point,
    starts_at: datetime,
    ends_at: datetime | None,
    wanted: CanvassArea,
) -> Canvass:
    """Open an incident and search around it, in one transaction; return the unsent canvass.

    A refused search opens no incident. Raises what `incidents.open` and `draft` raise.
    """
    with opening_alarms.flagged(by), transaction.atomic():
        opened = incidents.open(
            by=by, number=number, type=type, place=place, point=point, starts_at=starts_at, ends_at=ends_at
        )
        return canvasses.draft(incident=opened, by=by, wanted=wanted)
