from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import policies
from fusus_portal.ground.agency.models import OneRow

Row = TypeVar("Row", bound=OneRow)


def change(*, model: type[Row], by: User, revision: int, values: Mapping[str, Any], event: Event) -> Row:
    """Change the row with its history. revision: the one read. Raises Refused, Stale, ValidationError by field."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        row = model.locked()
        policies.must_be_as_read(row, revision=revision)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, values[name])
        row.revision += 1
        row.full_clean(validate_unique=False)
        row._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001  (django-simple-history's way to say who)
        row.save(update_fields=[*changed, "revision"])
        # The names of columns, never their values.
        record(event=event, actor=by.actor, subject=row.subject, facts={"fields": " ".join(changed)})
    return row
