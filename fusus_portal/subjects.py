"""Rows that the log names."""

from typing import ClassVar

from django.db import models

from audit.actors import Subject


class Recorded(models.Model):
    """A row that the log and refusals name, by its kind and its id."""

    subject_kind: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def subject(self) -> Subject:
        """The row as the log and refusals name it."""
        return Subject(self.subject_kind, str(self.pk))
