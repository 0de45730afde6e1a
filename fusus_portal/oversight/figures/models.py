"""Public figures as counted, and their releases. The application may only add rows, and mark a doubt as cleared."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.languages import local
from fusus_portal.ground.rows import Recorded
from fusus_portal.oversight.figures.definitions import LONGEST_NOTE, Dimension


class CountedDay(models.Model):
    """A counted day, and the published checkpoint that it was counted from. root: in base64, as in the checkpoint."""

    day = models.DateField(primary_key=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=44)
    published_at = models.DateTimeField()
    counted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="counted_day_size", condition=Q(size__gt=0))]

    def __str__(self) -> str:
        return f"{self.day}, from {self.size} places"

    @property
    def checkpoint(self) -> dict[str, int | str]:
        return {"size": self.size, "root": self.root}


class DayFigure(models.Model):
    """One figure of one day, even if too small to be published. incidents: number of incidents that it is about."""

    id = models.BigAutoField(primary_key=True)
    counted = models.ForeignKey(CountedDay, on_delete=models.PROTECT, related_name="figures", db_column="day")
    figure = models.CharField(max_length=32)
    number = models.BigIntegerField()
    incidents = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["counted", "figure"], name="day_figure_once"),
            models.CheckConstraint(name="day_figure_number", condition=Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.figure} of {self.counted_id}: {self.number}"


class MonthFigure(models.Model):
    """A number that a finished month publishes besides its days: of a breakdown, or of its small days together.

    closed: the month's last day. value: a kind, an area, a condition; "" for all others, and for the rest.
    """

    id = models.BigAutoField(primary_key=True)
    closed = models.ForeignKey(CountedDay, on_delete=models.PROTECT, related_name="months", db_column="closed")
    figure = models.CharField(max_length=32)
    dimension = models.CharField(max_length=16, choices=Dimension)
    value = models.CharField(max_length=64, blank=True)
    number = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["closed", "figure", "dimension", "value"], name="month_figure_once"),
            models.CheckConstraint(name="month_figure_number", condition=Q(number__gt=0)),
            models.CheckConstraint(name="month_figure_dimension", condition=Q(dimension__in=Dimension.values)),
        ]

    def __str__(self) -> str:
        return f"{self.figure} by {self.dimension} in {self.closed_id:%Y-%m}"


class FigureReport(models.Model):
    """The whole public report as of a day, ready to be shown, so that a page takes no longer with a larger log."""

    counted = models.OneToOneField(
        CountedDay, primary_key=True, on_delete=models.PROTECT, related_name="report", db_column="day"
    )
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()

    def __str__(self) -> str:
        return f"the report of {self.counted_id}"


class FigureDoubt(models.Model):
    """A day's figure that differs in a recount, hidden until a recount agrees. figure: "" for all, after a rollback."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    figure = models.CharField(max_length=32, blank=True)
    kept = models.BigIntegerField()
    counted = models.BigIntegerField()
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    cleared_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "figure"], condition=Q(cleared_at__isnull=True), name="figure_doubt_once_open"
            ),
            models.CheckConstraint(
                name="figure_doubt_cleared_later", condition=Q(cleared_at=None) | Q(cleared_at__gte=F("found_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure or 'everything'} of {self.day}"


class ReviewAct(models.TextChoices):
    """Acts of a reviewer of figures. No act changes a number."""

    RELEASE = "release", _("Reviewed and released")
    DELAY = "delay", _("Newer days held back")
    NOTE = "note", _("Note added")


class FigureReview(Recorded):
    """A reviewer's release, delay or note. through: the last day that it is about. until: the day a delay ends.

    note_en, note_es: a public note, in both languages or neither. shown_as: the person's name if they want it public,
    "" for the role alone.
    """

    subject_kind = "figure-review"

    act = models.CharField(max_length=10, choices=ReviewAct)
    through = models.DateField()
    until = models.DateField(null=True, blank=True)
    note_en = models.CharField(max_length=LONGEST_NOTE, blank=True)
    note_es = models.CharField(max_length=LONGEST_NOTE, blank=True)
    shown_as = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=32)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="figure_review_act", condition=Q(act__in=ReviewAct.values)),
            models.CheckConstraint(
                name="figure_review_delay_ends",
                condition=(Q(act=ReviewAct.DELAY, until__isnull=False, until__gt=F("through")))
                | (~Q(act=ReviewAct.DELAY) & Q(until=None)),
            ),
            models.CheckConstraint(
                name="figure_review_note_in_both",
                condition=Q(note_en="", note_es="") | ~Q(note_en="") & ~Q(note_es=""),
            ),
            models.CheckConstraint(
                name="figure_review_note_says_something", condition=~Q(act=ReviewAct.NOTE) | ~Q(note_en="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} through {self.through}"

    @property
    def text(self) -> str:
        """The note in the language of the page."""
        return local(self.note_en, self.note_es)
