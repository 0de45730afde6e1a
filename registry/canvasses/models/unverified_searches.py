from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from registry.incidents.models.incidents import Incident
from registry.people.models import Registrant


class Bound(models.TextChoices):
    """Limits of one person without a second person: incidents a day, owners a week, owners of one incident."""

    NONE = ""
    DAY = "day"
    WEEK = "week"
    WIDE = "wide"


class UnverifiedSearch(models.Model):
    """One drawing or redrawing of a canvass before its incident was verified.

    bound: the limit that it exceeded. Such a search showed nothing and does not count toward the day's incidents. WIDE
    marks a refused redrawing: the canvass stayed as it was.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="unverified_searches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    bound = models.CharField(max_length=4, choices=Bound, blank=True, default=Bound.NONE, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "unverified searches"
        constraints: ClassVar = [
            models.CheckConstraint(name="unverified_search_bound_in_list", condition=Q(bound__in=Bound.values)),
        ]
        indexes: ClassVar = [models.Index(fields=["by", "at"], name="unverified_search_recent")]

    def __str__(self) -> str:
        return f"search by {self.by_id} for {self.incident_id}"


class UnverifiedSight(models.Model):
    """An owner shown to one person before verification, last at `at`. Deleted with the owner, or a week later."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="unverified_sights")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "incident", "registrant"], name="unverified_sight_once"),
        ]

    def __str__(self) -> str:
        return f"sight of {self.registrant_id} by {self.by_id}"
