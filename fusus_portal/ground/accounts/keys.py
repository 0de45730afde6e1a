"""Keys of rows to accounts."""

from django.conf import settings
from django.db import models

from fusus_portal.ground.accounts.models import User


def staff_key(related_name: str = "+") -> "models.ForeignKey[User | None, User | None]":
    """Return a key to whoever of the staff did something, None before that and for what nobody did."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name=related_name
    )
