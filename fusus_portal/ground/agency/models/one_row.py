from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from audit.log.actors import Subject
from fusus_portal.ground.rows import RandomIdRow


class OneRow(RandomIdRow):
    """The only row of its table, made by a migration. revision: goes up, so that nobody overwrites another's change."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(name="%(app_label)s_%(class)s_is_one_row", condition=Q(only=True)),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.revision}"

    @classmethod
    def current(cls) -> Self:
        return cls._default_manager.get()

    @classmethod
    def locked(cls) -> Self:
        return cls._default_manager.select_for_update(no_key=True).get()

    @property
    def subject(self) -> Subject:
        return Subject(str(self._meta.model_name), str(self.pk))
