from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from fusus_portal.ground.accounts.models.users import User
from fusus_portal.ground.rows import RandomIdRow


class Identity(RandomIdRow):
    """An account's holder at an identity provider: issuer and subject, never e-mail (OpenID Connect Core, 5.7)."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject_id = models.CharField(max_length=255)
    linked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "identities"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject_id"], name="identity_of_one_account"),
            models.UniqueConstraint(fields=["account", "issuer"], name="identity_once_for_issuer"),
            models.CheckConstraint(condition=~Q(issuer="") & ~Q(subject_id=""), name="identity_is_named"),
        ]

    def __str__(self) -> str:
        return f"identity {self.id}"
