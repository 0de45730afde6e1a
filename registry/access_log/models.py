"""What an owner may not read yet of who looked (promise B1)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actors import Subject
from registry.models.cameras import Camera
from registry.models.incidents import Incident
from registry.models.people import Registrant
from registry.rules import LONGEST_LOOK_DELAY, LOOK_DELAYS


class LookDelay(models.Model):
    """One stretch in which an owner can't read what the entries of one incident say, only that they are there.

    number: 1 is the delay, 2 its only renewal, which begins when somebody decides it and so ends the first.
    camera: the one by which the owner was named; whose it is, no page says. ends_at: moved only to end it sooner.
    The database holds each stretch to 30 days, lets nobody lengthen one, and knows no third.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="look_delays")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="look_delays")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="look_delays")
    number = models.PositiveSmallIntegerField(default=1, editable=False)
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registrant", "incident", "number"], name="look_delay_once"),
            models.CheckConstraint(
                name="look_delay_first_or_renewal", condition=Q(number__gte=1, number__lte=LOOK_DELAYS)
            ),
            models.CheckConstraint(name="look_delay_ends_later", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="look_delay_at_most_30_days", condition=Q(ends_at__lte=F("starts_at") + LONGEST_LOOK_DELAY)
            ),
            models.CheckConstraint(name="look_delay_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="look_delay_ended_pair",
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"delay {self.pk}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("look_delay", str(self.pk))
