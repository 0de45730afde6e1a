"""The cameras at a place.

No column holds a stream address, a network address, a sign-in or a key of a camera: a registered
camera can't be watched because there is nowhere to write down how (promise R2).
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from audit.actors import Subject
from registry.models.people import Premises
from registry.rules import FULL_CIRCLE, LONGEST_DAYS_KEPT, LONGEST_REACH_M

CAMERA_ONCE = "camera_once_at_place"


class CameraQuerySet(models.QuerySet["Camera"]):
    """Cameras, with and without those that their owner has removed or paused."""

    def registered(self) -> "CameraQuerySet":
        """Return the cameras that are in the registry now, paused ones too."""
        return self.filter(removed_at__isnull=True)

    def searchable(self) -> "CameraQuerySet":
        """Return the cameras that a search may find: registered, and not paused."""
        return self.filter(removed_at__isnull=True, paused_at__isnull=True)


class Camera(models.Model):
    """A camera at a place. Any kind is welcome; only the place is required (promise R10).

    facing: where it looks, in degrees from north, clockwise. angle: how wide it sees, in degrees. reach_m: how far,
    in meters. The three make a sector on the map. days_kept: how long the device itself keeps footage.
    snapshot: the key of a picture of what it sees, for its owner alone (see `registry.snapshots`).
    removed_at: set when its owner takes it out of the registry. It is then in no search, and its
    owner can still read who looked. paused_at: set while its owner wants it in no search and no new request.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind of camera"), max_length=80, blank=True)
    make = models.CharField(_("make"), max_length=80, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    covers = models.CharField(_("what it covers"), max_length=200, blank=True)
    facing = models.PositiveSmallIntegerField(_("where it faces"), null=True, blank=True)
    angle = models.PositiveSmallIntegerField(_("how wide it sees"), null=True, blank=True)
    reach_m = models.PositiveSmallIntegerField(_("how far it sees"), null=True, blank=True)
    days_kept = models.PositiveSmallIntegerField(_("days that it keeps footage"), null=True, blank=True)
    snapshot = models.CharField(max_length=100, blank=True, editable=False)
    snapshot_at = models.DateTimeField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CameraQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["snapshot"])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(F("premises"), Lower("name"), name=CAMERA_ONCE, condition=Q(removed_at=None)),
            models.CheckConstraint(name="camera_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="camera_facing_degrees", condition=Q(facing=None) | Q(facing__lt=FULL_CIRCLE)),
            models.CheckConstraint(
                name="camera_angle_degrees", condition=Q(angle=None) | Q(angle__gte=1, angle__lte=FULL_CIRCLE)
            ),
            models.CheckConstraint(
                name="camera_reach_m", condition=Q(reach_m=None) | Q(reach_m__gte=1, reach_m__lte=LONGEST_REACH_M)
            ),
            models.CheckConstraint(
                name="camera_days_kept",
                condition=Q(days_kept=None) | Q(days_kept__gte=1, days_kept__lte=LONGEST_DAYS_KEPT),
            ),
            models.CheckConstraint(
                name="camera_sector_has_direction", condition=~Q(facing=None) | Q(angle=None, reach_m=None)
            ),
            models.CheckConstraint(
                name="camera_snapshot_has_time",
                condition=Q(snapshot="", snapshot_at=None) | (~Q(snapshot="") & ~Q(snapshot_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("camera", str(self.pk))
