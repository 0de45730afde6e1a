from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.rows import RandomIdRow, Recorded, both_or_none
from registry.incidents.models import Incident
from registry.places.models import Camera
from registry.registrants.models import Registrant
from registry.rules import LONGEST_LOOK_DELAY, LOOK_DELAYS


class LookDelay(Recorded):
    """A time in which an owner can't read the entries of one incident, only that they exist.

    number: 1 is the delay, 2 its only renewal, which begins at once and so ends the first.
    camera: the one by which a supervisor chose the owner; no page says whose it is. ends_at: only ever moved earlier.
    The database limits each delay to 30 days, lets nobody lengthen one, and allows no third.
    """

    subject_kind = "look_delay"

    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="look_delays")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="look_delays")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="look_delays")
    number = models.PositiveSmallIntegerField(default=1, editable=False)
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_at = models.DateTimeField()
    ended_by = staff_key()
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
            both_or_none("look_delay_ended_pair", "ended_by", "ended_at"),
        ]


class Rhythm(models.TextChoices):
    """Frequency of mails. EACH is not at once: everything within a quarter of an hour is one mail."""

    EACH = "each", _("Each time, within half an hour")
    DAILY = "daily", _("Once a day, when there is something")
    WEEKLY = "weekly", _("Once a week, when there is something")
    NONE = "none", _("Never: I look at the list myself")


class NoticeSettings(RandomIdRow):
    """Mails that an owner wants. A city's camera is found a thousand times a month, given footage played a few times.

    searches: when a camera is found or shown. footage: when given footage is played or downloaded.
    *_told_until: mails have told the owner of entries up to then. monthly: the owner wants a summary of each month.
    month_told: first day of the latest month that needs no summary: one was sent, or the owner wanted none yet.
    """

    registrant = models.OneToOneField(Registrant, on_delete=models.CASCADE, related_name="notices")
    searches = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.WEEKLY)
    footage = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.EACH)
    searches_told_until = models.DateTimeField(default=timezone.now, editable=False)
    footage_told_until = models.DateTimeField(default=timezone.now, editable=False)
    monthly = models.BooleanField(default=False)
    month_told = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "notice settings"
        constraints: ClassVar = [
            models.CheckConstraint(name="notices_searches_in_list", condition=Q(searches__in=Rhythm.values)),
            models.CheckConstraint(name="notices_footage_in_list", condition=Q(footage__in=Rhythm.values)),
            models.CheckConstraint(
                name="notices_monthly_from", condition=Q(monthly=False) | Q(month_told__isnull=False)
            ),
            models.CheckConstraint(
                name="notices_month_first_day", condition=Q(month_told__isnull=True) | Q(month_told__day=1)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["searches", "searches_told_until"], name="notices_searches_due"),
            models.Index(fields=["footage", "footage_told_until"], name="notices_footage_due"),
            models.Index(fields=["month_told", "id"], name="notices_month_due", condition=Q(monthly=True)),
        ]


class LooksRead(RandomIdRow):
    """Id of the last log entry that was looked at for owners who want a mail each time. One row."""

    name = models.CharField(max_length=10, unique=True, default="looks", editable=False)
    last_entry = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="looks_read_is_one_row", condition=Q(name="looks")),
        ]
