"""Locks of the review, in one order: the week, then a card, then its question or explanation."""

from uuid import UUID

from fusus_portal.oversight.review.models import ReviewCard, ReviewWeek


def week(pk: UUID) -> ReviewWeek:
    return ReviewWeek.objects.select_for_update(no_key=True).get(pk=pk)


def card(pk: UUID) -> ReviewCard:
    held = week(ReviewCard.objects.values_list("week_id", flat=True).get(pk=pk))
    locked = ReviewCard.objects.select_for_update(of=("self",), no_key=True).select_related("account").get(pk=pk)
    locked.week = held
    return locked
