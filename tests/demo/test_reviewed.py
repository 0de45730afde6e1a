"""The demo's weekly review: acts of its people are on cards at once, for auditors and a reviewer from outside."""

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.demo.data import office
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review.models import ReviewExplanation, ReviewFinding, ReviewQuestion, ReviewWeek
from tests.oversight.review.reviewing import close_incidents, read, searches


@pytest.mark.django_db
def test_a_visitor_sees_a_week_with_cards(auditor: User, deputy: User, reviewer: User, auditor_client: Client) -> None:
    searches(2, by=deputy)
    for _run in range(2):
        office.add_review(auditor=auditor, deputy=deputy, reviewer=reviewer)
    week = ReviewWeek.objects.get(state="open")
    assert week.cards.count() == 2
    assert ReviewWeek.objects.get(state="signed").ends_at == week.begins_at
    assert ReviewFinding.objects.get().card.week == week
    assert ReviewQuestion.objects.get().person == deputy
    assert "Weekly review" in auditor_client.get(reverse("review")).content.decode()
    assert not ReviewExplanation.objects.exists()  # both incidents are open


@pytest.mark.django_db
def test_of_the_cards_that_can_be_read_outside_one_is_explained_and_one_waits(
    auditor: User, deputy: User, reviewer: User, reviewer_client: Client
) -> None:
    searches(3, by=deputy)
    close_incidents()
    for _run in range(2):
        office.add_review(auditor=auditor, deputy=deputy, reviewer=reviewer)
    told = ReviewExplanation.objects.order_by("card__place")
    assert list(told.values_list("state", "text")) == [("given", office.EXPLANATION), ("wanted", "")]
    assert office.EXPLANATION in read(reviewer_client, "review_card", told[0].card_id)
    queue = read(reviewer_client, "review")
    assert queue.count("An auditor explained it") == queue.count("A reviewer from outside wants it explained") == 1
