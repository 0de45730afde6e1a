from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.rows import Stepped
from integration.clips.states import ARRIVED, CLIP, ClipState
from integration.cores.models import DeviceCamera
from integration.critical.models import LONGEST_REASON
from integration.rules import LONGEST_CLIP
from registry.canvasses.models import FootageRequest
from registry.footage.models import SHA256, Upload
from registry.incidents.models import Incident

CLIP_ONCE = "clip_asked_once"


class Clip(Stepped):
    """A clip that a deputy asks for: one camera, from when to when. `request` holds the owner's answer and the custody.

    camera: None once its owner has left. by_rule: given by the owner's rule for the camera, without a press. Any other
    clip goes to the owner alone, who looks and then gives it or not. ordered_at: when the CORE was last told to send
    it. sha256: as the CORE announces it before sending. upload: the file.
    """

    subject_kind = "clip"
    lifecycle = CLIP

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="clips")
    camera = models.ForeignKey(DeviceCamera, on_delete=models.SET_NULL, null=True, related_name="clips")
    request = models.ForeignKey(FootageRequest, on_delete=models.PROTECT, related_name="clips")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    state = models.CharField(max_length=10, choices=ClipState, default=ClipState.ASKED, editable=False)
    by_rule = models.BooleanField(default=False, editable=False)
    ordered_at = models.DateTimeField(null=True, blank=True, editable=False)
    over_at = models.DateTimeField(null=True, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    upload = models.OneToOneField(Upload, on_delete=models.SET_NULL, null=True, blank=True, related_name="clip")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="clip_state_in_list", condition=Q(state__in=ClipState.values)),
            models.CheckConstraint(
                name="clip_window", condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + LONGEST_CLIP)
            ),
            models.CheckConstraint(name="clip_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="clip_sha256_form", condition=Q(sha256="") | Q(sha256__regex=SHA256)),
            models.CheckConstraint(
                name="clip_state_has_time",
                condition=Q(state=ClipState.ASKED, ordered_at__isnull=True, over_at__isnull=True)
                | Q(state=ClipState.ORDERED, ordered_at__isnull=False, over_at__isnull=True)
                | Q(state__in=[ClipState.SENT, ClipState.FAILED], ordered_at__isnull=False, over_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["incident", "camera", "starts_at", "ends_at"], name=CLIP_ONCE),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ordered_at"], name="clip_ordered", condition=Q(state=ClipState.ORDERED)),
        ]

    @property
    def given_at(self) -> datetime | None:
        """Return when the owner, or their rule, gave the clip; None while only the owner has it, or if it was lost."""
        if self.by_rule:
            return self.ordered_at
        return self.upload.given_at if self.upload and self.upload.state in ARRIVED else None
