from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from fusus_portal.ground.rows import Recorded
from fusus_portal.oversight.annual.definitions import BY_KEY, LONGEST_REASON, LONGEST_TEXT

FIRST_YEAR, LAST_YEAR = 2000, 9999
HASH = r"^[0-9a-f]{64}$"


class AnnualText(Recorded):
    """The office's text of one part of a year's report: the draft of the next version.

    revision: rises with each change, so that nobody overwrites another person's text unread; 0 before the first change.
    """

    subject_kind = "annual-text"

    year = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=20)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    revision = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "part"], name="annual_text_once"),
            models.CheckConstraint(name="annual_text_part_in_list", condition=Q(part__in=list(BY_KEY))),
            models.CheckConstraint(name="annual_text_year", condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)),
            models.CheckConstraint(name="annual_text_written", condition=Q(text="") | Q(revision__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.year}"


class AnnualReport(Recorded):
    """A released version of the annual report of a year. It never changes.

    content: the numbers, from `selectors.numbers_of_year`. texts: the office's own, by part. reason: of a correction,
    "" for the first version. shown_as: the person's name if they want it public, "" for the role alone. paper_hash:
    SHA-256 of the PDF, in hexadecimal; the log has it too.
    """

    subject_kind = "annual-report"

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    texts: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField()
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    shown_as = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=32)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(default=timezone.now, editable=False)
    paper_hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-year", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="annual_report_number_once"),
            models.CheckConstraint(name="annual_report_year", condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)),
            models.CheckConstraint(
                name="annual_report_correction_has_reason",
                condition=Q(number=1, reason="") | Q(number__gt=1) & ~Q(reason=""),
            ),
            models.CheckConstraint(name="annual_report_paper_hash", condition=Q(paper_hash__regex=HASH)),
        ]

    def __str__(self) -> str:
        return f"report of {self.year}, version {self.number}"


class AnnualPaper(models.Model):
    """The PDF of a released report, in the database so that a backup has it too: some hundred kilobytes a year."""

    report = models.OneToOneField(AnnualReport, on_delete=models.PROTECT, primary_key=True, related_name="paper")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"paper of the {self.report}"
