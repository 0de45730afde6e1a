from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from registry.canvasses.models.canvasses import FootageRequest


class ReplySeen(models.Model):
    """A reply that one person of the agency saw on a page.

    replied_at: of the reply seen. An owner who first had nothing, and later gives footage, has replied anew.
    seen_at: when they first saw it.
    """

    request = models.ForeignKey(FootageRequest, on_delete=models.CASCADE, related_name="seen")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(editable=False)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "replies seen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "person"], name="reply_seen_once"),
        ]

    def __str__(self) -> str:
        return f"reply {self.request_id} seen by {self.person_id}"
