from django.conf import settings
from django.db import models

from fusus_portal.ground.accounts.models import User


def staff_key(related_name: str = "+") -> "models.ForeignKey[User | None, User | None]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name=related_name
    )
