import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, TypedDict

from django.db import models
from django.db.models import Q

from audit.log.actors import Subject
from fusus_portal.ground.lifecycle import Lifecycle


def both_or_none(name: str, *columns: str) -> models.CheckConstraint:
    """Return the constraint that columns are all empty or all filled, for example `_by` and `_at`."""
    none, both = ({f"{column}__isnull": empty for column in columns} for empty in (True, False))
    return models.CheckConstraint(name=name, condition=Q(**none) | Q(**both))


def set_changed(row: models.Model, wanted: Mapping[str, Any]) -> list[str]:
    """Set the columns of a row that differ from `wanted`; return their names. Saves nothing."""
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    return changed


class RandomIdRow(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Recorded(RandomIdRow):
    """A row that is a subject of audit entries."""

    subject_kind: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def subject(self) -> Subject:
        return Subject(self.subject_kind, str(self.pk))


class InLog(TypedDict, total=False):
    """Facts that every entry about a row has: its incident and the incident's type, if any."""

    incident: str
    offence_type: str


class Stepped(Recorded):
    """A row with a lifecycle. step_columns: columns whose values are in the entry of each step."""

    lifecycle: ClassVar[Lifecycle]
    state: "models.CharField[Any, str]"
    step_columns: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @property
    def step_facts(self) -> dict[str, int | str]:
        columns = {name.removesuffix("_id"): getattr(self, name) for name in self.step_columns}
        return {name: value if isinstance(value, int) else str(value) for name, value in columns.items()}

    @property
    def in_log(self) -> InLog:
        """The arguments of `record` that name an incident in the entry of each step; {} for most rows."""
        return {}
