from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.models import Located
from fusus_portal.ground.languages import written
from fusus_portal.ground.rows import InLog, RandomIdRow, Stepped, both_or_none
from registry.incidents.models.types import IncidentType
from registry.incidents.number_format import LONGEST_NUMBER
from registry.incidents.states import INCIDENT, IncidentState
from registry.rules import GOES_ON_FOR

VERIFIED = Q(verified_at__isnull=False) | Q(confirmed_at__isnull=False)
"""Condition of a verified incident: a second person or dispatch has confirmed it."""


class IncidentSource(models.TextChoices):
    PERSON = "person", _("A person")
    DISPATCH = "dispatch", _("Dispatch")


class Incident(Located, Stepped):
    """A crime or emergency, its place and its window.

    verified_by: a supervisor who did not open it (CJIS AC-5). confirmed_by: the delivery from dispatch that verified it
    instead of a second person; dispatch may also have opened it (source).
    goes_on: ongoing, not over at `ends_at`, the time of the last update; closing ends it.
    changed_by: the last person who changed its type, place or time. voided_at: when such a change last took back its
    verification, so that it must be verified again.
    lapsed_at: when it closed because nobody verified it in time; a flag for auditors.
    A closed incident has either closed_at with closed_by, or lapsed_at. settled_at: from then on its requests are
    withdrawn and its closing can't be taken back; a lapsed incident is settled at once.
    """

    subject_kind = "incident"
    lifecycle = INCIDENT

    number = models.CharField(_("incident number"), max_length=LONGEST_NUMBER, unique=True)
    type = models.ForeignKey(IncidentType, on_delete=models.PROTECT, related_name="incidents")
    place = models.CharField(_("place"), max_length=160)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    goes_on = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=IncidentState, default=IncidentState.OPEN, editable=False)
    source = models.CharField(max_length=10, choices=IncidentSource, default=IncidentSource.PERSON, editable=False)
    # None for an incident from dispatch: check `source` first. Typed as a person, which it is everywhere else.
    opened_by: "models.ForeignKey[User, User]" = models.ForeignKey(  # type: ignore[misc]
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="opened_incidents"
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    verified_by = staff_key("verified_incidents")
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        "registry.DispatchDelivery", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_by = staff_key()
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = staff_key("closed_incidents")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    lapsed_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta(Located.Meta):
        constraints: ClassVar = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="incident_state_in_list", condition=Q(state__in=IncidentState.values)),
            models.CheckConstraint(name="incident_window", condition=Q(ends_at__gt=F("starts_at"))),
            both_or_none("incident_verified_pair", "verified_by", "verified_at"),
            models.CheckConstraint(
                name="incident_verified_by_second_person",
                condition=Q(verified_by__isnull=True) | Q(opened_by__isnull=True) | ~Q(verified_by=F("opened_by")),
            ),
            both_or_none("incident_confirmed_pair", "confirmed_by", "confirmed_at"),
            models.CheckConstraint(
                name="incident_opened_by_source",
                condition=Q(source=IncidentSource.PERSON, opened_by__isnull=False)
                | Q(source=IncidentSource.DISPATCH, opened_by__isnull=True),
            ),
            both_or_none("incident_changed_pair", "changed_by", "changed_at"),
            models.CheckConstraint(
                name="incident_verified_by_no_changer",
                condition=Q(verified_by__isnull=True) | Q(changed_by__isnull=True) | ~Q(verified_by=F("changed_by")),
            ),
            both_or_none("incident_closed_pair", "closed_by", "closed_at"),
            models.CheckConstraint(
                name="incident_closed_has_time",
                condition=Q(state=IncidentState.OPEN, closed_at__isnull=True, lapsed_at__isnull=True)
                | Q(state=IncidentState.CLOSED, closed_at__isnull=False, lapsed_at__isnull=True)
                | Q(
                    state=IncidentState.CLOSED,
                    closed_at__isnull=True,
                    lapsed_at__isnull=False,
                    verified_at__isnull=True,
                    confirmed_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="incident_settled_once_closed",
                condition=(Q(settled_at__isnull=True) & Q(lapsed_at__isnull=True))
                | (Q(settled_at__isnull=False) & Q(state=IncidentState.CLOSED)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["closed_at"],
                name="incident_to_settle",
                condition=Q(state=IncidentState.CLOSED, settled_at__isnull=True),
            ),
            models.Index(fields=["-opened_at", "id"], name="incident_latest"),
            models.Index(
                fields=["opened_at"],
                name="incident_open_unverified",
                condition=Q(state=IncidentState.OPEN, verified_at__isnull=True, confirmed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def place_in_words(self) -> str:
        return written(self.place)

    @property
    def in_log(self) -> InLog:
        """Facts for the entry of an act. The incident's type must be loaded."""
        return {"incident": str(self.pk), "offence_type": self.type.code}

    @property
    def until(self) -> datetime:
        """Its end; now while it is ongoing, for at most a day after the last update."""
        return min(timezone.now(), self.ends_at + GOES_ON_FOR) if self.goes_on else self.ends_at

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None or self.confirmed_at is not None

    @property
    def takes_answers(self) -> bool:
        """True if owners can still answer: it is open, or its closing can be taken back."""
        return self.settled_at is None


class Assignment(RandomIdRow):
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
