from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from audit.log.actors import Subject
from fusus_portal.ground.languages import local
from fusus_portal.ground.rows import Recorded
from registry.footage.models.retention import RetentionCategory
from registry.incidents.number_format import LONGEST_PATTERN
from registry.rules import INCIDENT_NUMBER_FORMAT


class IncidentType(Recorded):
    """One entry of the agency's list of crimes and emergencies. Rows are edited, not invented in code.

    emergency: help for people in danger, not a crime. declares: an incident of this type is critical at once if
    dispatch sends it, and only then. retention: None for the standard category. retired_at: no new incident can have
    the type; those that have it keep it.
    """

    subject_kind = "incident-type"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_es = models.CharField(_("name in Spanish"), max_length=80, blank=True)
    emergency = models.BooleanField(_("emergency"), default=False)
    declares = models.BooleanField(_("critical at once"), default=False)
    retention = models.ForeignKey(
        RetentionCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="incident_types"
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def names(self) -> tuple[str, str]:
        """The names in English and Spanish; the second may be empty."""
        return self.name, self.name_es

    @property
    def label(self) -> str:
        return local(self.name, self.name_es)


class NumberFormat(models.Model):
    """The agency's format of incident numbers. At most one row; without it the default of the rules applies."""

    ONLY: ClassVar[int] = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    pattern = models.CharField(_("format"), max_length=LONGEST_PATTERN, default=INCIDENT_NUMBER_FORMAT)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="number_format_one_row", condition=Q(id=1)),
            models.CheckConstraint(name="number_format_not_empty", condition=~Q(pattern="")),
        ]

    def __str__(self) -> str:
        return self.pattern

    @property
    def subject(self) -> Subject:
        return Subject("number-format", str(self.pk))

    @classmethod
    def current(cls) -> str:
        kept = cls.objects.values_list("pattern", flat=True).first()
        return kept or INCIDENT_NUMBER_FORMAT
