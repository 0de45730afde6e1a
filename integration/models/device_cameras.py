"""The cameras behind a CORE."""

import uuid
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actors import Subject
from integration.models.cores import Core
from registry.models import Camera

CAMERA_ONCE = "device_camera_behind_one_core"
CHANNEL_ONCE = "device_camera_channel_once"
CHANNEL = r"^[a-z0-9][a-z0-9_-]{0,31}$"


class PictureState(models.TextChoices):
    """What a CORE last said of a camera behind it."""

    UNKNOWN = "unknown", _("Not heard of yet")
    RUNNING = "running", _("Gives a picture")
    LOST = "lost", _("Gives no picture")


class DeviceCamera(models.Model):
    """A camera that a CORE can read. Where it hangs and what it sees says the registry's camera.

    channel: what the CORE calls it. How the CORE reaches it, its address and password, stays in the CORE: there is no
    column for it (promise R2). removed_at: it is no longer behind this CORE.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    core = models.ForeignKey(Core, on_delete=models.PROTECT, related_name="cameras")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="behind")
    channel = models.CharField(_("channel"), max_length=32, validators=[RegexValidator(CHANNEL)])
    picture = models.CharField(max_length=10, choices=PictureState, default=PictureState.UNKNOWN, editable=False)
    picture_at = models.DateTimeField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["camera"], name=CAMERA_ONCE, condition=Q(removed_at__isnull=True)),
            models.UniqueConstraint(
                fields=["core", "channel"], name=CHANNEL_ONCE, condition=Q(removed_at__isnull=True)
            ),
            models.CheckConstraint(name="device_camera_channel_form", condition=Q(channel__regex=CHANNEL)),
            models.CheckConstraint(name="device_camera_picture_in_list", condition=Q(picture__in=PictureState.values)),
            models.CheckConstraint(
                name="device_camera_removed_later",
                condition=Q(removed_at__isnull=True) | Q(removed_at__gte=F("added_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.channel

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("device_camera", str(self.pk))
