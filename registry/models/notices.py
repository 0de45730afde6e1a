"""When an owner is told by mail that somebody looked."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models.people import Registrant


class Rhythm(models.TextChoices):
    """How often a mail may come. The first is not at once: what happens within a quarter of an hour is one mail."""

    EACH = "each", _("Each time, within half an hour")
    DAILY = "daily", _("Once a day, when there is something")
    WEEKLY = "weekly", _("Once a week, when there is something")
    NONE = "none", _("Never: I look at the list myself")


class NoticeSettings(models.Model):
    """What an owner chose. A city's camera is found a thousand times a month, given footage is played a few times.

    searches: of a camera being found or shown. footage: of given footage being played or downloaded.
    *_told_until: up to when the log has been told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registrant = models.OneToOneField(Registrant, on_delete=models.CASCADE, related_name="notices")
    searches = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.WEEKLY)
    footage = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.EACH)
    searches_told_until = models.DateTimeField(default=timezone.now, editable=False)
    footage_told_until = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "notice settings"
        constraints: ClassVar = [
            models.CheckConstraint(name="notices_searches_in_list", condition=Q(searches__in=Rhythm.values)),
            models.CheckConstraint(name="notices_footage_in_list", condition=Q(footage__in=Rhythm.values)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["searches", "searches_told_until"], name="notices_searches_due"),
            models.Index(fields=["footage", "footage_told_until"], name="notices_footage_due"),
        ]

    def __str__(self) -> str:
        return f"notices {self.pk}"


class LooksRead(models.Model):
    """How far the log was read for mails that come each time. One row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=10, unique=True, default="looks", editable=False)
    last_entry = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="looks_read_is_one_row", condition=Q(name="looks")),
        ]

    def __str__(self) -> str:
        return f"read up to {self.last_entry}"
