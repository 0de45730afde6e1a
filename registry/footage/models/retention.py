from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.languages import local
from fusus_portal.ground.rows import Recorded
from registry.rules import LONGEST_KEPT_DAYS


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
