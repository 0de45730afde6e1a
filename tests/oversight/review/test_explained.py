"""A reviewer from outside marks a card, an auditor explains it, and the week's papers count it."""

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review.models import ReviewExplanation
from fusus_portal.oversight.review.services import reviews
from tests.oversight.review.reviewing import (
    ANSWER,
    card_of_search,
    close_incidents,
    read,
    seen,
    wanted_explanation,
)

pytestmark = pytest.mark.django_db


def test_a_mark_is_explained_by_an_auditor_and_read_outside(
    reviewer_client: Client, auditor_client: Client, deputy: User
) -> None:
    card = card_of_search(by=deputy)
    close_incidents()
    want, explain = reverse("review_want", args=[card.pk]), reverse("review_explain", args=[card.pk])
    assert "I want this explained" in read(reviewer_client, "review_card", card.pk)
    assert reviewer_client.post(want)["Location"] == reverse("review_card", args=[card.pk])
    assert reviewer_client.post(want).status_code == 409
    assert "A reviewer from outside wants a card explained" in read(auditor_client, "console")
    assert str(card.pk) in read(auditor_client, "review").partition("Reviewers from outside want these explained")[2]
    assert auditor_client.post(explain, {"text": ANSWER}).status_code == 409  # it was not opened yet
    assert "Explain this card" in read(auditor_client, "review_card", card.pk)
    assert auditor_client.post(explain, {"text": "ok"}).status_code == 422
    said = f"{deputy.pseudonym} was called at 11:42 p.m. by the shift's sergeant."
    assert auditor_client.post(explain, {"text": said}).status_code == 302
    assert auditor_client.post(explain, {"text": said}).status_code == 409
    page = read(reviewer_client, "review_card", card.pk)
    assert "was called at (a time) by the shift&#x27;s sergeant." in page
    assert deputy.pseudonym not in page
    assert "Reviewers from outside want these explained" not in read(auditor_client, "review")
    told = AuditEntry.objects.filter(event__startswith="audit:explanation:", outcome="done").order_by("id")
    assert list(told.values_list("event", flat=True)) == ["audit:explanation:want", "audit:explanation:give"]


def test_a_card_that_nobody_opened_or_of_an_open_incident_is_not_marked(
    reviewer_client: Client, auditor_client: Client
) -> None:
    card = card_of_search()
    want = reverse("review_want", args=[card.pk])
    assert reviewer_client.post(want).status_code == 403
    close_incidents()
    assert reviewer_client.post(want).status_code == 409
    assert auditor_client.post(want).status_code == 403
    assert ReviewExplanation.objects.count() == 0


def test_a_card_that_nobody_marked_has_nothing_to_explain(auditor_client: Client) -> None:
    card = card_of_search()
    read(auditor_client, "review_card", card.pk)
    assert auditor_client.get(reverse("review_explain", args=[card.pk])).status_code == 404
    assert "I want this explained" not in read(auditor_client, "review_card", card.pk)


def test_a_mark_may_come_after_the_signature_and_stays_as_it_was_explained(
    auditor: User, auditor_client: Client
) -> None:
    card = card_of_search()
    reviews.say_fine(card=seen(card, auditor), by=auditor)
    reviews.sign_week(week=card.week, by=auditor)
    explanation = wanted_explanation(card)
    assert auditor_client.post(reverse("review_explain", args=[card.pk]), {"text": ANSWER}).status_code == 302
    explanation.refresh_from_db()
    assert (explanation.state, explanation.text, explanation.given_by) == ("given", ANSWER, auditor)
    with pytest.raises(Error), transaction.atomic():
        ReviewExplanation.objects.filter(pk=explanation.pk).update(text="Something else was said.")


def test_the_signature_counts_marks_and_says_which_wait(auditor: User, auditor_client: Client) -> None:
    card = wanted_explanation().card
    reviews.say_fine(card=seen(card, auditor), by=auditor)
    page = read(auditor_client, "review_sign", card.week_id)
    assert "Reviewers from outside wanted 1 card explained; explained: 0." in page
    assert "1 card that a reviewer from outside wants explained is not explained yet." in page
