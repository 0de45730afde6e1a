"""Incidents: the crimes and emergencies that footage may be asked for."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from audit.actors import Subject
from fusus_portal.geo.models import Located
from registry.models.retention import RetentionCategory
from registry.states import IncidentState

NUMBER_LENGTH = 20


class IncidentType(models.Model):
    """One entry of the agency's list of crimes and emergencies. Rows are edited, not invented in code.

    emergency: help for people in danger, as opposed to a crime.
    retention: how long its footage is kept; None for the standard time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_es = models.CharField(_("name in Spanish"), max_length=80, blank=True)
    emergency = models.BooleanField(_("emergency"), default=False)
    retention = models.ForeignKey(
        RetentionCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="incident_types"
    )

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def names(self) -> tuple[str, str]:
        """The name in each language; the second may be empty."""
        return self.name, self.name_es

    @property
    def label(self) -> str:
        """The name in the language of the page or message."""
        spanish = (get_language() or "").startswith("es")
        return self.name_es if spanish and self.name_es else self.name


class Incident(Located):
    """A crime or emergency, its place and its window.

    verified_by: a supervisor who did not open it (CJIS AC-5).
    lapsed_at: it closed by itself because nobody verified it in time; a flag for auditors.
    A closed incident has either closed_at with closed_by, or lapsed_at.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("incident number"), max_length=NUMBER_LENGTH, unique=True)
    type = models.ForeignKey(IncidentType, on_delete=models.PROTECT, related_name="incidents")
    place = models.CharField(_("place"), max_length=160)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    state = models.CharField(max_length=10, choices=IncidentState, default=IncidentState.OPEN, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opened_incidents")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="verified_incidents"
    )
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="closed_incidents"
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    lapsed_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta(Located.Meta):
        constraints: ClassVar = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="incident_state_in_list", condition=Q(state__in=IncidentState.values)),
            models.CheckConstraint(name="incident_window", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="incident_verified_pair",
                condition=Q(verified_by__isnull=True, verified_at__isnull=True)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_verified_by_second_person",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("opened_by")),
            ),
            models.CheckConstraint(
                name="incident_closed_pair",
                condition=Q(closed_by__isnull=True, closed_at__isnull=True)
                | Q(closed_by__isnull=False, closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_closed_has_time",
                condition=Q(state=IncidentState.OPEN, closed_at__isnull=True, lapsed_at__isnull=True)
                | Q(state=IncidentState.CLOSED, closed_at__isnull=False, lapsed_at__isnull=True)
                | Q(
                    state=IncidentState.CLOSED,
                    closed_at__isnull=True,
                    lapsed_at__isnull=False,
                    verified_at__isnull=True,
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["opened_at"],
                name="incident_open_unverified",
                condition=Q(state=IncidentState.OPEN, verified_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("incident", str(self.pk))

    @property
    def is_verified(self) -> bool:
        """Whether a second person has confirmed that it is a crime or an emergency."""
        return self.verified_at is not None


class Assignment(models.Model):
    """A person of the agency who works on an incident."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "user"], name="assignment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.incident_id}"
