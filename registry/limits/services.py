"""The limits that the agency sets for itself, within bounds that no setting can pass."""

from decimal import Decimal

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.services import one_row
from registry.limits.models import Limits


def change(*, by: User, revision: int, **values: int | Decimal | bool | list[str]) -> Limits:
    """Change limits; they count from the next act on. Raises as `one_row.change`."""
    return one_row.change(model=Limits, by=by, revision=revision, values=values, event=Event.LIMITS_CHANGED)
