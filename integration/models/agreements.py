"""The agreement that a business signs before any of its cameras can be shared."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actors import Subject
from fusus_portal.agency.models import Document
from registry.models import Registrant


class SharingAgreement(models.Model):
    """One signature under one version of the terms. Without one in force nothing is shared.

    signer, title: who signed for the business, and as what. signed_by: the account that it was signed from.
    ends_on: the day on which it ends unless it is renewed, which is another signature. revoked_at: taken back by the
    business, at any time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registrant = models.ForeignKey(Registrant, on_delete=models.PROTECT, related_name="sharing_agreements")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    signer = models.CharField(_("name of whoever signs"), max_length=120)
    title = models.CharField(_("position"), max_length=120)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registrant"],
                name="sharing_agreement_one_in_force",
                condition=Q(revoked_at__isnull=True, replaced_at__isnull=True),
            ),
            models.CheckConstraint(name="sharing_agreement_has_signer", condition=~Q(signer="") & ~Q(title="")),
            models.CheckConstraint(
                name="sharing_agreement_revoked_pair",
                condition=Q(revoked_by__isnull=True, revoked_at__isnull=True)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sharing_agreement_ends_once", condition=Q(revoked_at__isnull=True) | Q(replaced_at__isnull=True)
            ),
            models.CheckConstraint(name="sharing_agreement_ends_later", condition=Q(ends_on__gt=F("signed_at__date"))),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("sharing_agreement", str(self.pk))
