"""Which versions of the terms and the privacy statement a registrant agreed to, and when."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from audit.actors import Subject
from fusus_portal.agency.models import Document
from registry.models.people import Registrant


class Agreement(models.Model):
    """One person's yes to one version. It goes with the registration."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="agreements")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registrant", "document"], name="agreement_once"),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return self.registrant.subject
