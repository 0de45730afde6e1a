from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.languages import local
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import InLog, RandomIdRow, Recorded, Stepped, both_or_none
from registry.canvasses.models import FootageRequest
from registry.footage.states import EVIDENCE, HOLD, UPLOAD, EvidenceState, HoldState, UploadState
from registry.incidents.models import Incident
from registry.places.models import Camera
from registry.rules import BYTES_PER_FILE, DELETION_ANNOUNCED, LONGEST_KEPT_DAYS


class RetentionCategory(Recorded):
    """One category of the agency's records schedule. days: footage is kept this long after receipt.

    floor_days: the minimum by law or records schedule. It never goes down, and the database checks every file against
    it. is_standard: the category that applies if no other does.
    """

    subject_kind = "retention"

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_es = models.CharField(_("name in Spanish"), max_length=80, blank=True)
    days = models.PositiveIntegerField(_("days"))
    floor_days = models.PositiveIntegerField(_("fewest days"))
    is_standard = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name_plural = "retention categories"
        ordering: ClassVar = ["days", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(name="retention_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="retention_days_range",
                condition=Q(floor_days__gt=0, days__gte=F("floor_days"), days__lte=LONGEST_KEPT_DAYS),
            ),
            models.UniqueConstraint(
                fields=["is_standard"], name="retention_one_standard", condition=Q(is_standard=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return local(self.name, self.name_es)

    @property
    def kept(self) -> timedelta:
        return timedelta(days=self.days)


SHA256 = r"^[0-9a-f]{64}$"


class Upload(Stepped):
    """One file that a registrant sends. Sizes in bytes; sha256 in hex, known once all bytes have arrived.

    name, size, content_type: as the sender declared them. received: bytes that are safe so far.
    key: where the evidence will be stored, chosen when the check begins; emptied once it is evidence.
    refusal: why the file was refused, as shown. touched_at: when bytes last arrived.
    camera, starts_at: its camera and the start of the recording, if the sender said so.
    seconds: length of the recording, if known when its owner gave it.
    given_at: when its owner gave it; a standing rule gives a file before it is sent. Until then nobody else knows of
    the file. is_apart: its owner looks at it and gives it elsewhere than on the page of the request's link.
    """

    subject_kind = "upload"
    lifecycle = UPLOAD

    request = models.ForeignKey(FootageRequest, on_delete=models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.RECEIVING, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=200, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    touched_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_apart = models.BooleanField(default=False, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.SET_NULL, null=True, blank=True, related_name="uploads")
    starts_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="upload_state_in_list", condition=Q(state__in=UploadState.values)),
            models.CheckConstraint(name="upload_size_range", condition=Q(size__gt=0, size__lte=BYTES_PER_FILE)),
            models.CheckConstraint(
                name="upload_received_up_to_size", condition=Q(received__gte=0, received__lte=F("size"))
            ),
            models.CheckConstraint(name="upload_sha256_form", condition=Q(sha256="") | Q(sha256__regex=SHA256)),
            models.CheckConstraint(
                name="upload_received_is_whole",
                condition=~Q(state=UploadState.RECEIVED)
                | (Q(received=F("size"), key="", finished_at__isnull=False) & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="upload_given_before_checked",
                condition=Q(given_at__isnull=False) | ~Q(state__in=[UploadState.CHECKING, UploadState.RECEIVED]),
            ),
            models.CheckConstraint(
                name="upload_ready_is_whole",
                condition=~Q(state=UploadState.READY)
                | Q(received=F("size"), finished_at__isnull=False, given_at__isnull=True),
            ),
            models.UniqueConstraint(fields=["key"], name="upload_key_once", condition=~Q(key="")),
        ]

    @property
    def answered_at(self) -> datetime | None:
        """When the file had both arrived and been given, which decides if it came in time."""
        return max(self.finished_at, self.given_at) if self.finished_at and self.given_at else None

    @property
    def in_log(self) -> InLog:
        return self.request.in_log


class Preview(models.Model):
    """A look at a file for its owner before giving it. Deleted when the file is given, and with the file.

    still: a JPEG, empty if none could be made. seconds: length. recorded_at: start of the recording by the camera's
    clock.
    """

    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, primary_key=True, related_name="preview")
    still = models.BinaryField(blank=True, editable=False)
    seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions = ()


def evidence_number() -> str:
    return fresh("E")


class Evidence(Stepped):
    """One file as received: never changed. Once deleted it is a tombstone of numbers and dates, without its name.

    number: written on the copy for the court. content_type: from the file's own first bytes.
    kept_until: after this it is deleted, unless a legal hold prevents it. announced_at: when its giver was told so.
    deleting_at: when its deletion began; it ends at deleted_at, and is resumed after a crash.
    """

    subject_kind = "evidence"
    lifecycle = EVIDENCE

    number = models.CharField(max_length=16, unique=True, default=evidence_number, editable=False)
    request = models.ForeignKey(FootageRequest, on_delete=models.PROTECT, related_name="evidence")
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    kept_until = models.DateTimeField()
    category = models.ForeignKey(RetentionCategory, on_delete=models.PROTECT, related_name="evidence")
    state = models.CharField(max_length=10, choices=EvidenceState, default=EvidenceState.KEPT, editable=False)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleting_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.CheckConstraint(name="evidence_size_above_zero", condition=Q(size__gt=0)),
            models.CheckConstraint(name="evidence_sha256_form", condition=Q(sha256__regex=SHA256)),
            models.CheckConstraint(name="evidence_kept_after_receipt", condition=Q(kept_until__gt=F("received_at"))),
            models.CheckConstraint(name="evidence_state_in_list", condition=Q(state__in=EvidenceState.values)),
            models.CheckConstraint(
                name="evidence_state_has_time",
                condition=Q(state=EvidenceState.KEPT, deleting_at__isnull=True, deleted_at__isnull=True)
                | Q(state=EvidenceState.DELETING, deleting_at__isnull=False, deleted_at__isnull=True)
                | Q(state=EvidenceState.DELETED, deleting_at__isnull=False, deleted_at__isnull=False, name=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kept_until"], name="evidence_kept", condition=Q(state=EvidenceState.KEPT)),
            models.Index(fields=["deleting_at"], name="evidence_deleting", condition=Q(state=EvidenceState.DELETING)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def in_log(self) -> InLog:
        return self.request.in_log

    @property
    def is_there(self) -> bool:
        return self.state == EvidenceState.KEPT

    @property
    def deletes_at(self) -> datetime | None:
        return max(self.kept_until, self.announced_at + DELETION_ANNOUNCED) if self.announced_at else None


class Giver(RandomIdRow):
    """Name of the giver of a request's footage, written when that person leaves: all that custody needs (promise R12).

    reference: of the registration that ended. The row is deleted with the request's last file.
    """

    request = models.OneToOneField(FootageRequest, on_delete=models.PROTECT, related_name="giver")
    name = models.CharField(max_length=120)
    reference = models.CharField(max_length=16)
    left_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="giver_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.reference


class LegalHold(Stepped):
    """An order to keep an incident's footage, or one file. The giver is told that there is a hold, never why."""

    subject_kind = "hold"
    lifecycle = HOLD

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="holds")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.PLACED, editable=False)
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="placed_holds")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = staff_key("lifted_holds")
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    lift_reason = models.CharField(_("reason to lift it"), max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="hold_state_in_list", condition=Q(state__in=HoldState.values)),
            models.CheckConstraint(name="hold_has_reason", condition=~Q(reason="")),
            both_or_none("hold_lifted_pair", "lifted_by", "lifted_at"),
            models.CheckConstraint(
                name="hold_state_has_time",
                condition=Q(state=HoldState.PLACED, lifted_at__isnull=True, lift_reason="")
                | (Q(state=HoldState.LIFTED, lifted_at__isnull=False) & ~Q(lift_reason="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident"], name="hold_in_force", condition=Q(state=HoldState.PLACED)),
        ]

    @property
    def in_log(self) -> InLog:
        return self.incident.in_log
