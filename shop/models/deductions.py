"""What is taken off the price of a CORE that comes back. Published before it is bought, and never edited (trigger)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.actors import Subject
from shop.models.catalogue import LONGEST_NAME
from shop.rules import HIGHEST_DEDUCTION


class DeductionSchedule(models.Model):
    """One version. The one that was published last before an order was placed counts for it, for ever.

    lowest: hundredths of a percent of the price that go back whatever is deducted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(unique=True)
    lowest = models.PositiveSmallIntegerField(_("what goes back at least"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="deduction_lowest", condition=Q(lowest__gte=1000, lowest__lte=10_000)),
        ]
        indexes: ClassVar = [models.Index(fields=["-published_at"], name="deduction_by_day")]

    def __str__(self) -> str:
        return f"version {self.version}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("deductions", str(self.pk))


class AgeStep(models.Model):
    """What is taken off from so many whole months after it was sent on."""

    schedule = models.ForeignKey(DeductionSchedule, on_delete=models.PROTECT, related_name="steps")
    from_months = models.PositiveSmallIntegerField()
    basis_points = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="age_step_never_all", condition=Q(basis_points__lte=HIGHEST_DEDUCTION)),
            models.UniqueConstraint(fields=["schedule", "from_months"], name="age_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.basis_points} from {self.from_months}"


class PartDeduction(models.Model):
    """What is taken off when a part is missing or broken."""

    schedule = models.ForeignKey(DeductionSchedule, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    name_es = models.CharField(max_length=LONGEST_NAME)
    basis_points = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="part_never_all", condition=Q(basis_points__gt=0, basis_points__lte=HIGHEST_DEDUCTION)
            ),
            models.CheckConstraint(name="part_has_names", condition=~Q(name="") & ~Q(name_es="")),
            models.UniqueConstraint(fields=["schedule", "position"], name="part_one_at_a_place"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        """The name in the language of the page."""
        return self.name_es if (get_language() or "").startswith("es") else self.name
