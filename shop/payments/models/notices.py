from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class GatewayEvent(models.Model):
    """A notice of the gateway, by its own id, so that each is worked on once.

    It is a hint: the gateway is asked for the truth. object_id: of the object that it happened to. tries: how often it
    was worked on. failure: the kind of fault of the last try.
    """

    id = models.CharField(primary_key=True, max_length=255)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    processed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="gateway_event_names", condition=~Q(id="") & ~Q(kind="") & ~Q(object_id="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="gateway_event_waits", condition=Q(processed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.id
