"""Watch-hours: time for which cameras were viewed live, for the auditors and the alarm. The log is the evidence."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.rows import Recorded
from registry.places.models import PremisesKind


class WatchedDay(models.Model):
    """Time for which one deputy viewed one camera on one day of the agency's clock.

    camera: the registry's id, opaque and no foreign key, as in the log: the figures stay when its owner leaves.
    zip_code: five digits. deputy: the badge pseudonym. Each row is a sum of entries of the log, and compared with it.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    camera = models.UUIDField()
    premises_kind = models.CharField(max_length=10, choices=PremisesKind)
    zip_code = models.CharField(max_length=5)
    deputy = models.CharField(max_length=64)
    seconds = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "camera", "premises_kind", "zip_code", "deputy"], name="watched_day_once"
            ),
            models.CheckConstraint(name="watched_day_seconds", condition=Q(seconds__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s on {self.day}"


class FlagAbout(models.TextChoices):
    CAMERA = "camera", _("A camera")
    AREA = "area", _("An area")
    KIND = "kind", _("A kind of place")


class WatchFlag(Recorded):
    """A camera, area or kind of premises that was viewed much longer than is usual, flagged once for each week.

    key: the camera's opaque id; the kind of premises; or both kind and ZIP code. week: its Monday. seconds: in the
    seven days up to the flag. usual_seconds: the limit exceeded (`policies`). cameras: how many it covers.
    """

    subject_kind = "watch_flag"

    about = models.CharField(max_length=10, choices=FlagAbout)
    key = models.CharField(max_length=64)
    week = models.DateField()
    seconds = models.PositiveIntegerField()
    usual_seconds = models.PositiveIntegerField()
    cameras = models.PositiveIntegerField()
    flagged_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["about", "key", "week"], name="watch_flag_once_a_week"),
            models.CheckConstraint(name="watch_flag_about_in_list", condition=Q(about__in=FlagAbout.values)),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.key} in the week of {self.week}"
