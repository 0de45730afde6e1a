from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import services as agency
from registry.limits.models import Limits


def change(*, by: User, revision: int, **values: int | Decimal | bool | list[str]) -> Limits:
    """Change limits; they count from the next act on. Raises Refused, Stale, and ValidationError by field."""
    written: dict[str, Any] = {**values}
    wanted = values.get("shows_reasons")
    if wanted is not None and wanted != Limits.current().shows_reasons:
        written["reasons_from"] = timezone.now() + settings.SIGN_IN_LIMIT if wanted else None
    return agency.change_one_row(model=Limits, by=by, revision=revision, values=written, event=Event.LIMITS_CHANGED)
