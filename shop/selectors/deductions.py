"""What is deducted, by the version that counts."""

from datetime import datetime

from django.db.models import QuerySet, Subquery
from django.utils import timezone

from shop.models import AgeStep, DeductionSchedule


def schedule_at(moment: datetime) -> DeductionSchedule | None:
    """Return what was published at a moment, None when nothing was: then nothing is deducted."""
    return _whole().filter(published_at__lte=moment).order_by("-published_at", "-version").first()


def current() -> DeductionSchedule | None:
    """Return what is published now."""
    return schedule_at(timezone.now())


def age_steps_now() -> list[AgeStep]:
    """Return the steps of what is published now, each with its version: one query, for the page of a product."""
    newest = DeductionSchedule.objects.filter(published_at__lte=timezone.now()).order_by("-published_at", "-version")
    return list(AgeStep.objects.filter(schedule=Subquery(newest.values("pk")[:1])).select_related("schedule"))


def versions() -> QuerySet[DeductionSchedule]:
    """Return every version, the newest first."""
    return _whole().order_by("-version")


def _whole() -> QuerySet[DeductionSchedule]:
    return DeductionSchedule.objects.select_related("published_by").prefetch_related("steps", "parts")
