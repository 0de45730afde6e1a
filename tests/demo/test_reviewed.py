"""The demo's weekly review: what the demo's people did is on cards at once, with a question to one of them."""

import pytest
from django.test import Client
from django.urls import reverse

from fusus_portal.demo.data import office
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review.models import ReviewFinding, ReviewQuestion, ReviewWeek
from tests.oversight.review.reviewing import searches


@pytest.mark.django_db
def test_a_visitor_sees_a_week_with_cards(auditor: User, deputy: User, auditor_client: Client) -> None:
    searches(2, by=deputy)
    for _run in range(2):
        office.add_review(auditor=auditor, deputy=deputy)
    week = ReviewWeek.objects.get(state="open")
    assert week.cards.count() == 2
    assert ReviewWeek.objects.get(state="signed").ends_at == week.begins_at
    assert ReviewFinding.objects.get().card.week == week
    assert ReviewQuestion.objects.get().person == deputy
    assert "Weekly review" in auditor_client.get(reverse("review")).content.decode()
