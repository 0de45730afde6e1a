"""Locks of the weekly review's rows, always in one order: the week, then a card, then its question."""

from uuid import UUID

from fusus_portal.oversight.review.models import AlarmAddress, ReviewCard, ReviewFinding, ReviewQuestion, ReviewWeek


def week(pk: UUID) -> ReviewWeek:
    return ReviewWeek.objects.select_for_update(no_key=True).get(pk=pk)


def card(pk: UUID) -> ReviewCard:
    week_id = ReviewCard.objects.values_list("week_id", flat=True).get(pk=pk)
    held = week(week_id)
    locked = ReviewCard.objects.select_for_update(of=("self",), no_key=True).select_related("account").get(pk=pk)
    locked.week = held
    return locked


def question(pk: UUID) -> ReviewQuestion:
    card_id = ReviewQuestion.objects.values_list("card_id", flat=True).get(pk=pk)
    held = card(card_id)
    locked = ReviewQuestion.objects.select_for_update(no_key=True).get(pk=pk)
    locked.card = held
    return locked


def finding(pk: UUID) -> ReviewFinding:
    return ReviewFinding.objects.select_for_update(no_key=True).get(pk=pk)


def address(pk: UUID) -> AlarmAddress:
    return AlarmAddress.objects.select_for_update(no_key=True).get(pk=pk)
