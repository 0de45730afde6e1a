from typing import ClassVar

from django.db import models
from django.utils import timezone

from fusus_portal.ground.accounts.models.users import User


class SignInFailure(models.Model):
    """A failed sign-in of an agency account. In PostgreSQL: losing a cached count would open the door (CJIS AC-7)."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_failures")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="sign_in_failure_recent")]

    def __str__(self) -> str:
        return f"{self.account_id} at {self.at:%Y-%m-%d %H:%M}"
