from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import seals, selectors
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.agency.services import one_row


def change(*, by: User, revision: int, **values: Any) -> Agency:
    """Change columns of the agency's row. Raises as `one_row.change`."""
    row = one_row.change(model=Agency, by=by, revision=revision, values=values, event=Event.AGENCY_CHANGED)
    selectors.read_anew()
    return row


def change_seal(*, by: User, revision: int, seal: str) -> Agency:
    """Change the seal to a stored digest, or "" for the first one. Raises ValidationError, and as `one_row.change`."""
    if seal and not seals.is_kept(seal):
        raise ValidationError({"seal": _("This picture is gone. Please send it again.")})
    row = one_row.change(model=Agency, by=by, revision=revision, values={"seal": seal}, event=Event.SEAL_CHANGED)
    selectors.read_anew()
    return row
