from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.log.actors import Subject
from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import Recorded, Stepped, both_or_none
from registry.imports.states import EXPORT, IMPORT, ExportState, ImportState
from registry.registrants.models import LANGUAGES, Registrant
from registry.rules import INVITATION_KEPT


class RegistryExport(Stepped):
    """A copy of the registry: one administrator asks, another approves, a worker makes it, the first downloads it.

    key: of the stored file, "" without one. cameras: number of cameras in the file.
    """

    subject_kind = "registry_export"
    lifecycle = EXPORT

    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.PROPOSED)
    reason = models.CharField(max_length=300)
    key = models.CharField(max_length=64, blank=True)
    cameras = models.PositiveIntegerField(default=0)
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = staff_key()
    ready_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="export_state_in_list", condition=Q(state__in=ExportState.values)),
            both_or_none("export_approved_has_both", "approved_at", "approved_by"),
            models.CheckConstraint(
                name="export_takes_two", condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="export_approved_before_made",
                condition=Q(approved_at__isnull=False)
                | Q(state__in=[ExportState.PROPOSED, ExportState.CANCELLED, ExportState.EXPIRED]),
            ),
        ]


def import_number() -> str:
    return fresh("I")


class ImportBatch(Stepped):
    """One file of an agency's former registry, and how far its import has come.

    key: of the stored working copy, "" once it is deleted. header: names of the file's columns. columns: number of the
    file's column by our field. points: how good the file's points are ("pinned", ...). done_rows: rows dealt with,
    saved in the transaction that dealt with them. added, invited, there, errors: rows by outcome. worked_at: when a
    worker last saved progress. mailing_at: when an administrator asked for the mails. kept: registrations that an undo
    left, because their owners use them.
    """

    subject_kind = "import"
    lifecycle = IMPORT

    number = models.CharField(max_length=16, unique=True, default=import_number, editable=False)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    key = models.CharField(max_length=64, blank=True)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=dict, blank=True)
    points = models.CharField(max_length=7, blank=True)
    rows = models.PositiveIntegerField()
    done_rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    invited = models.PositiveIntegerField(default=0)
    there = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    cameras = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = staff_key()
    worked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    mailing_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="import_state_in_list", condition=Q(state__in=ImportState.values)),
            both_or_none("import_started_has_both", "started_at", "started_by"),
            models.UniqueConstraint(
                fields=["state"], name="import_one_at_a_time", condition=Q(state=ImportState.RUNNING)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ImportFault(models.Model):
    """A fault of one row, never the row's content. field: a member of `Field`, or "". problem: one of `Problem`."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField()
    field = models.CharField(max_length=20, blank=True)
    problem = models.CharField(max_length=20)

    class Meta:
        default_permissions = ()


class Imported(models.Model):
    """A registration from an agency's former registry, with the consent by which it may be searched.

    told_at: when its owner got a mail. claimed_at: when its owner first signed in.
    """

    registrant = models.OneToOneField(Registrant, primary_key=True, on_delete=models.CASCADE, related_name="imported")
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="registrations")
    consent_on = models.DateField(_("day of consent"))
    consent_source = models.CharField(_("source of the consent"), max_length=120)
    told_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="imported_has_source", condition=~Q(consent_source="")),
        ]

    @property
    def subject(self) -> Subject:
        return Subject("registrant", str(self.pk))


class ImportInvitation(Recorded):
    """A person of the former registry without a recorded consent: in no search, asked once, deleted after 90 days."""

    subject_kind = "import_invitation"

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    zip_code = models.CharField(max_length=10)
    language = models.CharField(max_length=10, choices=LANGUAGES)
    imported_at = models.DateTimeField(default=timezone.now, editable=False)
    told_at = models.DateTimeField(null=True, blank=True)

    @property
    def kept_until(self) -> datetime:
        """When the invitation is deleted, unless the person registers before."""
        return self.imported_at + INVITATION_KEPT


class ExternalKey(models.Model):
    """The number of a row in the former registry, so that a later import knows the same row again."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80, unique=True)
    registrant = models.ForeignKey(
        Registrant, null=True, blank=True, on_delete=models.CASCADE, related_name="external_keys"
    )
    invitation = models.ForeignKey(
        ImportInvitation, null=True, blank=True, on_delete=models.CASCADE, related_name="external_keys"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="external_key_of_one",
                condition=Q(registrant__isnull=False, invitation__isnull=True)
                | Q(registrant__isnull=True, invitation__isnull=False),
            ),
        ]


class StaysOut(models.Model):
    """A person who left or declined: no import brings them back. digest: HMAC-SHA-256 of the e-mail address, keyed."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
