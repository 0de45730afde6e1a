from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.rows import RandomIdRow, both_or_none
from registry.canvasses.models.canvasses import Canvass
from registry.places.models import Camera


class Approval(RandomIdRow):
    """One question to the supervisors to go beyond the limits, and their decision.

    reason: why the canvass must. granted: None until somebody decides. note: the supervisor's; a denial needs one.
    voided_at: the canvass was changed since and needs another approval. Nobody decides their own question.
    """

    canvass = models.ForeignKey(Canvass, on_delete=models.PROTECT, related_name="approvals")
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    granted = models.BooleanField(null=True, editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    decided_by = staff_key()
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["canvass"], name="approval_once", condition=Q(voided_at__isnull=True)),
            models.CheckConstraint(name="approval_has_reason", condition=~Q(reason="")),
            both_or_none("approval_decided_pair", "decided_by", "decided_at"),
            both_or_none("approval_decided_either_way", "decided_at", "granted"),
            models.CheckConstraint(
                name="approval_by_second_person", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(name="approval_denial_has_note", condition=~Q(granted=False) | ~Q(note="")),
        ]

    def __str__(self) -> str:
        return f"approval of {self.canvass_id}"


class LeftOut(RandomIdRow):
    """A camera in the area that a canvass does not ask about.

    why: one of a closed list, so that nobody writes about a person here. All but "view" concern the owner, who is then
    not asked at all.
    """

    class Why(models.TextChoices):
        CONTACTED = "contacted", _("The owner was already spoken to")
        INVOLVED = "involved", _("The owner may be involved")
        VIEW = "view", _("The camera does not look at the place")

    canvass = models.ForeignKey(Canvass, on_delete=models.CASCADE, related_name="left_out")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    left_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    left_out_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["canvass", "camera"], name="left_out_once"),
            models.CheckConstraint(name="left_out_why_in_list", condition=Q(why__in=["contacted", "involved", "view"])),
        ]

    def __str__(self) -> str:
        return f"{self.camera_id} left out of {self.canvass_id}"
