"""The agreement that a business signs before any of its cameras can be shared; rules, opening hours and pauses."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.rows import RandomIdRow, Recorded
from integration.cores.models import DeviceCamera
from registry.places.models import Premises
from registry.registrants.models import LANGUAGES, Registrant

LONGEST_NAME = 120


class SharingAgreement(Recorded):
    """One signature under one version of the sharing agreement. Without an agreement in force nothing is shared.

    registrant: None once the business has left the registry; the agreement stays (promise R12), with the name of the
    business as `party`. signer, title: name and position of the person who signed. language: in which the signer read
    it. ends_on: the last day on which it counts. reminded_at: when the business was told that this day is near.

    One of these ends it. revoked_at: the business took it back. replaced_at: the business renewed it with another
    signature. ended_at: its last day has passed.
    """

    subject_kind = "sharing_agreement"

    registrant = models.ForeignKey(
        Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="sharing_agreements"
    )
    party = models.CharField(_("business"), max_length=LONGEST_NAME)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, choices=LANGUAGES)
    signer = models.CharField(_("your name"), max_length=LONGEST_NAME)
    title = models.CharField(_("your position in the business"), max_length=LONGEST_NAME)
    signed_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registrant"],
                name="sharing_agreement_one_in_force",
                condition=Q(revoked_at__isnull=True, replaced_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sharing_agreement_has_signer", condition=~Q(signer="") & ~Q(title="") & ~Q(party="")
            ),
            models.CheckConstraint(
                name="sharing_agreement_ends_once",
                condition=Q(revoked_at__isnull=True, replaced_at__isnull=True)
                | Q(revoked_at__isnull=True, ended_at__isnull=True)
                | Q(replaced_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(name="sharing_agreement_ends_later", condition=Q(ends_on__gt=F("signed_at__date"))),
        ]

    @property
    def over_at(self) -> datetime | None:
        return self.revoked_at or self.replaced_at or self.ended_at


class SharingMode(models.TextChoices):
    """Choice of when an owner shares a camera. All other conditions of a view hold with any choice."""

    INCIDENT = "incident", _("Always during a critical incident nearby")
    OUTSIDE = "outside", _("Outside opening hours, during a critical incident nearby")
    SCHEDULE = "schedule", _("At hours of its own, during a critical incident nearby")
    ASK = "ask", _("Only while I share it myself")
    NEVER = "never", _("Never")


TIMED = (SharingMode.OUTSIDE, SharingMode.SCHEDULE)
"""Modes with hours of the week, and days that are different."""


class SharingRule(Recorded):
    """Sharing rule of a camera behind a CORE; its history shows earlier rules.

    shared_until: with the mode "ask", until when the owner shares the camera. week: the hours in which it is shared, on
    the agency's clock, as `integration.sharing.hours` has them; with the mode "outside" they follow the opening hours
    of its place. closed_days, open_days: days ("2026-12-25") on which the camera is not shared, or shared all day,
    whatever the week says. answers_clips: a clip that a deputy asks for is given at once, without a press of its owner,
    while a view would be allowed. allows_glass: broken glass shows the camera, too; only under an agreement that names
    broken glass.
    """

    subject_kind = "sharing_rule"

    camera = models.OneToOneField(DeviceCamera, on_delete=models.CASCADE, related_name="rule")
    mode = models.CharField(max_length=10, choices=SharingMode, default=SharingMode.NEVER)
    shared_until = models.DateTimeField(null=True, blank=True)
    week: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    closed_days: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    open_days: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    answers_clips = models.BooleanField(default=False)
    allows_glass = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="sharing_rule_mode_in_list", condition=Q(mode__in=SharingMode.values)),
            models.CheckConstraint(
                name="sharing_rule_shared_when_asked", condition=Q(shared_until__isnull=True) | Q(mode=SharingMode.ASK)
            ),
            models.CheckConstraint(
                name="sharing_rule_never_answers", condition=Q(answers_clips=False) | ~Q(mode=SharingMode.NEVER)
            ),
            models.CheckConstraint(
                name="sharing_rule_never_through_glass", condition=Q(allows_glass=False) | ~Q(mode=SharingMode.NEVER)
            ),
            models.CheckConstraint(
                name="sharing_rule_hours_of_their_modes",
                condition=Q(Q(mode__in=TIMED), ~Q(week=[])) | Q(~Q(mode__in=TIMED), Q(week=[])),
            ),
        ]


class OpeningHours(RandomIdRow):
    """Opening hours of a business place, kept once: its cameras with the mode "outside" are shared at all others.

    week: as `integration.sharing.hours` has it. The entries of the cameras that follow it say what it was.
    """

    premises = models.OneToOneField(Premises, on_delete=models.CASCADE, related_name="opening_hours")
    week: "models.JSONField[Any, Any]" = models.JSONField()
    changed_at = models.DateTimeField(default=timezone.now, editable=False)


class SharingPause(Recorded):
    """A pause in which a business shares no camera, whatever its rules say. ended_at: None while it lasts."""

    subject_kind = "sharing_pause"

    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="sharing_pauses")
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registrant"], name="sharing_pause_one_at_a_time", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="sharing_pause_ends_later", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at"))
            ),
        ]
