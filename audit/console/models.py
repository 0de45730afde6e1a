"""Saved searches of auditors, and prints that a worker makes. Not part of the log."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.log.actors import Subject


class MailTimes(models.TextChoices):
    NEVER = "never", _("Never")
    DAILY = "daily", _("Each day")
    WEEKLY = "weekly", _("Each week")


class SavedFilter(models.Model):
    """A saved search. owner: account id. query: as in an address. mailed_until: the next mail covers the days after."""

    owner = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    mailed = models.CharField(max_length=6, choices=MailTimes, default=MailTimes.NEVER)
    mailed_until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "audit_filter"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="audit_filter_once"),
            models.CheckConstraint(condition=~Q(owner="") & ~Q(name=""), name="audit_filter_named"),
            models.CheckConstraint(condition=Q(mailed__in=MailTimes.values), name="audit_filter_mailed_in_list"),
            models.CheckConstraint(
                condition=Q(mailed=MailTimes.NEVER, mailed_until__isnull=True)
                | ~Q(mailed=MailTimes.NEVER) & Q(mailed_until__isnull=False),
                name="audit_filter_mailed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        return Subject("log_filter", str(self.pk))


class LogPrint(models.Model):
    """A print of a search: ordered, made by a worker, kept for a day.

    entries: ids, newest first. said: the search in words. checkpoint: size of the newest one when ordered. key: name of
    the file, "" before a worker made it. failed_at: when `sweep_prints` gave it up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=64)
    said = models.TextField()
    query = models.CharField(max_length=1000, blank=True)
    entries = ArrayField(models.BigIntegerField())
    checkpoint = models.BigIntegerField()
    key = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    begun_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "audit_print"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, key="")
                | Q(made_at__isnull=False, begun_at__isnull=False) & ~Q(key=""),
                name="audit_print_made_has_file",
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | Q(failed_at__isnull=True), name="audit_print_made_or_failed"
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True) | Q(begun_at__gte=F("asked_at")), name="audit_print_begun_later"
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        return self.made_at is None and self.failed_at is None

    def __str__(self) -> str:
        return f"{len(self.entries)} entries, asked for at {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def subject(self) -> Subject:
        return Subject("log_print", str(self.pk))
