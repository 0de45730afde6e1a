"""What rows of many tables have alike: a random id, their name in the log, what the entry of a step says, pairs."""

import uuid
from typing import ClassVar, TypedDict

from django.db import models
from django.db.models import Q

from audit.log.actors import Subject


def both_or_none(name: str, *columns: str) -> models.CheckConstraint:
    """Return the constraint that columns are empty together: who did something, and when."""
    none, both = ({f"{column}__isnull": empty for column in columns} for empty in (True, False))
    return models.CheckConstraint(name=name, condition=Q(**none) | Q(**both))


class RandomIdRow(models.Model):
    """A row whose id is random, so that nobody guesses it from another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Recorded(RandomIdRow):
    """A row that the log and refusals name, by its kind and its id."""

    subject_kind: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def subject(self) -> Subject:
        """The row as the log and refusals name it."""
        return Subject(self.subject_kind, str(self.pk))


class InLog(TypedDict, total=False):
    """What each entry about a row says besides its facts: the incident and its type, where the row is about one."""

    incident: str
    offence_type: str


class Stepped(Recorded):
    """A row with a lifecycle. step_columns: those of its columns that the entry of each step says."""

    step_columns: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @property
    def step_facts(self) -> dict[str, int | str]:
        """What the entry of each step says."""
        columns = {name.removesuffix("_id"): getattr(self, name) for name in self.step_columns}
        return {name: value if isinstance(value, int) else str(value) for name, value in columns.items()}

    @property
    def in_log(self) -> InLog:
        """The incident that the entry of each step names, none for most rows."""
        return {}
