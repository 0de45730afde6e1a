"""The table of homes, apart from accounts: nearly every page reads an account; one flag and one page read a home."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.rows import RandomIdRow

FIVE_DIGITS = r"^[0-9]{5}$"


class HomeArea(RandomIdRow):
    """Home of a deputy or supervisor, by ZIP code. written_by: the administrator who wrote it down."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="home_area")
    zip_code = models.CharField(_("ZIP code"), max_length=5)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="home_area_zip_code_form", condition=Q(zip_code__regex=FIVE_DIGITS)),
        ]

    def __str__(self) -> str:
        return f"home of {self.account_id}"
