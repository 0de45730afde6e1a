from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.oversight.review import policies
from fusus_portal.oversight.review.models import AlarmAddress


def address_page(addresses: Iterable[AlarmAddress], viewer: User) -> dict[str, Any]:
    rows = [_row(each, viewer) for each in addresses]
    return {"rows": rows, "in_use": any(row["in_use"] for row in rows)}


def _row(address: AlarmAddress, viewer: User) -> dict[str, Any]:
    waits = address.approved_at is None and address.retired_at is None
    in_use = address.approved_at is not None and address.retired_at is None
    return {
        "address": address,
        "waits": waits,
        "in_use": in_use,
        "label": _("In use") if in_use else _("Proposed") if waits else _("Retired"),
        "kind": "good" if in_use else "warn" if waits else "quiet",
        "why_no_approval": why_not(partial(policies.may_approve_address, viewer, address)) if waits else "",
    }
