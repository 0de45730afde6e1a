"""Tables that hold one row: settings that administrators change while the portal runs."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from audit.log.actors import Subject
from fusus_portal.ground.rows import RandomIdRow


class OneRow(RandomIdRow):
    """The only row of its table; a migration makes it. Read again for each act: a change counts at once, everywhere.

    revision: goes up with each change, so that nobody writes over what another has changed meanwhile.
    """

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
        """Return the row as it is now: one query."""
        return cls._default_manager.get()

    @classmethod
    def locked(cls) -> Self:
        """Return the row, held until the transaction ends."""
        return cls._default_manager.select_for_update(no_key=True).get()

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject(str(self._meta.model_name), str(self.pk))
