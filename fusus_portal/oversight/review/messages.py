"""Mails of the weekly review, built from ids when they are rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.formats import date_format

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from fusus_portal.oversight.review.models import ReviewQuestion, ReviewWeek


def question(context: Context) -> Mapping[str, object]:
    """Context: question (id)."""
    found = ReviewQuestion.objects.select_related("card__week").get(pk=str(context["question"]))
    return {"week": _day(found.card.week), "link": absolute(reverse("review_question", args=[found.pk]))}


def overdue(context: Context) -> Mapping[str, object]:
    """Context: week (id), cards and done (numbers)."""
    week = _week(context)
    drawn = week.drawn_at is not None
    return {"week": _day(week), "drawn": drawn, "cards": int(context["cards"]), "done": int(context["done"])}


def blocked(context: Context) -> Mapping[str, object]:
    """Context: week (id), cards (number)."""
    return {"week": _day(_week(context)), "cards": int(context["cards"]), "link": absolute(reverse("people"))}


def _week(context: Context) -> ReviewWeek:
    return ReviewWeek.objects.get(pk=str(context["week"]))


def _day(week: ReviewWeek) -> str:
    return date_format(week.week.monday, "DATE_FORMAT")
