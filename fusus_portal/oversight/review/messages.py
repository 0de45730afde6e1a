"""Mails of the weekly review, built from ids when they are rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind
from fusus_portal.oversight.review.models import ReviewQuestion, ReviewWeek


class ReviewQuestionMessage(AgencyKind, kind=MessageKind.REVIEW_QUESTION):
    purpose = _(
        "Tells a person of the agency that an auditor asks about something they did. Says neither what nor when."
    )
    subject = _("An auditor asks you something: question %(number)s")
    needs = "week link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: question (id)."""
        found = ReviewQuestion.objects.select_related("card__week").get(pk=str(context["question"]))
        return {"week": _day(found.card.week), "link": absolute(reverse("review_question", args=[found.pk]))}


class ReviewOverdueMessage(AgencyKind, kind=MessageKind.REVIEW_OVERDUE):
    purpose = _("Tells the address that two administrators chose that nobody signed the review of a week in time.")
    subject = _("A weekly review is overdue: alarm %(number)s")
    needs = "week drawn cards done"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: week (id), cards and done (numbers)."""
        week = _week(context)
        drawn = week.drawn_at is not None
        return {"week": _day(week), "drawn": drawn, "cards": int(context["cards"]), "done": int(context["done"])}


class ReviewBlockedMessage(AgencyKind, kind=MessageKind.REVIEW_BLOCKED):
    purpose = _(
        "Tells administrators that no auditor may review some cards of a week, since each took part. Names nobody."
    )
    subject = _("No auditor may review some cards: alarm %(number)s")
    needs = "week cards link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: week (id), cards (how many)."""
        return {"week": _day(_week(context)), "cards": int(context["cards"]), "link": absolute(reverse("people"))}


def _week(context: Context) -> ReviewWeek:
    return ReviewWeek.objects.get(pk=str(context["week"]))


def _day(week: ReviewWeek) -> str:
    return date_format(week.week.monday, "DATE_FORMAT")
