"""The agreement that a business signs before any of its cameras can be shared."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actors import Subject
from fusus_portal.agency.models import Document
from registry.models import Registrant
from registry.models.people import LANGUAGES

LONGEST_NAME = 120


class SharingAgreement(models.Model):
    """One signature under one version of the terms. Without one in force nothing is shared.

    registrant: None once the business has left the registry; what it signed stays (promise R12), and so its name
    stands here as `party`. signer, title: who signed for the business, and as what. language: in which they read the
    terms. ends_on: the last day on which it counts. reminded_at: when they were told that this day is near.

    It is over by one of these. revoked_at: taken back by the business, at any time. replaced_at: renewed, which is
    another signature. ended_at: its last day is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
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

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("sharing_agreement", str(self.pk))

    @property
    def over_at(self) -> datetime | None:
        """When it was taken back, renewed or ended by itself; None while it was not."""
        return self.revoked_at or self.replaced_at or self.ended_at
