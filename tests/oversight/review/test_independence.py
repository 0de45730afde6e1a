"""Nobody reviews what they did, ordered or approved; and administrators are told when nobody is left to review."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.notifications.models import Message
from fusus_portal.oversight.review.models import ReviewCard
from fusus_portal.oversight.review.services import reviews
from registry.incidents.services import incidents
from tests.database.operator import as_operator
from tests.factories import draft_of, incident_at, person, registrant_at
from tests.oversight.review.reviewing import (
    ANSWER,
    FOLLOW_UP,
    NOTE,
    OUTCOME,
    QUESTION,
    asked,
    card_about,
    card_of_search,
    drawn,
    finding_of,
    flag_of,
    searches,
    seen,
)
from tests.people import becomes, sign_in

pytestmark = pytest.mark.django_db


def was_long_ago(account: User, role: str) -> User:
    """Make somebody have the role for longer than any week that is reviewed."""
    with as_operator():
        User.objects.filter(pk=account.pk).update(role=role)
    account.refresh_from_db()
    return account


def refused(card: ReviewCard, by: User) -> bool:
    """Tell whether each way to decide about a card is refused to somebody."""
    day = timezone.localdate()
    for act in (
        lambda: reviews.say_fine(card=card, by=by),
        lambda: reviews.ask_question(card=card, by=by, text=QUESTION),
        lambda: reviews.make_finding(card=card, by=by, note=NOTE, follow_up=FOLLOW_UP, due_on=day),
    ):
        with pytest.raises(Refused):
            act()
    return True


def test_nobody_reviews_what_they_did(deputy: User) -> None:
    card = card_of_search(by=deputy)
    assert refused(card, was_long_ago(deputy, Role.AUDITOR))


def test_nobody_reviews_what_they_ordered_or_approved(deputy: User, supervisor: User) -> None:
    registrant_at()
    incident = incident_at(by=supervisor)
    incidents.assign(incident=incident, user=deputy, by=supervisor)
    draft_of(incident, by=deputy)
    card = drawn().cards.get()
    assert card.account == deputy
    assert refused(card, was_long_ago(supervisor, Role.AUDITOR))


def test_somebody_who_acted_elsewhere_may(deputy: User, other_deputy: User) -> None:
    card = card_of_search(by=deputy)
    card_maker = was_long_ago(other_deputy, Role.AUDITOR)
    assert reviews.say_fine(card=seen(card, card_maker), by=card_maker).state == "fine"


def test_a_reviewer_who_becomes_a_deputy_in_mid_week_reviews_no_more(auditor: User) -> None:
    card = card_of_search()
    assert sign_in(auditor).get(reverse("review_card", args=[card.pk])).status_code == 200
    before = User.objects.get(pk=auditor.pk)
    becomes(auditor, Role.DEPUTY)
    assert refused(card, before)
    assert sign_in(auditor).post(reverse("review_fine", args=[card.pk])).status_code == 403


def test_a_deputy_who_becomes_an_auditor_in_mid_week_may_not_review_that_week(other_deputy: User) -> None:
    card = card_of_search()
    new = becomes(other_deputy, Role.AUDITOR)
    assert refused(card, new)
    with pytest.raises(Refused, match="another role"):
        reviews.sign_week(week=card.week, by=new)


def test_a_flag_is_about_the_person_who_had_that_name_then_and_they_can_be_asked(deputy: User, auditor: User) -> None:
    entries = searches(by=deputy)
    becomes(deputy, Role.SUPERVISOR)
    card = drawn(flag_of(entries)).cards.get(kind="flag")
    assert card.person == entries[0].actor_pseudonym != deputy.pseudonym
    assert card.account == deputy
    assert reviews.ask_question(card=seen(card, auditor), by=auditor, text=QUESTION).person == deputy


def test_a_page_that_was_open_before_the_role_changed_closes_no_finding(auditor: User) -> None:
    finding, before = finding_of(), User.objects.get(pk=auditor.pk)
    becomes(auditor, Role.DEPUTY)
    with pytest.raises(Refused):
        reviews.close_finding(finding=finding, by=before, outcome=OUTCOME)


def test_a_page_that_was_open_before_the_role_changed_answers_nothing(deputy: User) -> None:
    question, before = asked(card_about(deputy)), User.objects.get(pk=deputy.pk)
    becomes(deputy, Role.AUDITOR)
    with pytest.raises(Refused):
        reviews.answer(question=question, by=before, answer=ANSWER)


@pytest.mark.parametrize("role", ["deputy", "supervisor", "clerk", "administrator", "resident", "business"])
def test_who_acts_reviews_nothing(role: str) -> None:
    assert refused(card_of_search(), person(role))


def test_where_no_auditor_may_the_page_says_so_and_administrators_are_told(
    deputy: User, administrator: User, auditor: User
) -> None:
    registrant_at()
    draft_of(incident_at(by=deputy), by=deputy)
    was_long_ago(deputy, Role.AUDITOR)
    with as_operator():
        User.objects.filter(pk=auditor.pk).update(is_active=False, disabled_at=timezone.now() - timedelta(days=1))
    card = drawn().cards.get()
    assert card.blocked_at is not None
    assert AuditEntry.objects.filter(event="audit:card:block").count() == 1
    letter = Message.objects.get(kind="review_blocked")
    assert (letter.to, letter.context["cards"]) == (administrator.email, 1)
    page = sign_in(deputy).get(reverse("review")).content.decode()
    assert "No auditor may review one of these cards" in page


def test_an_auditor_who_may_is_enough(deputy: User, auditor: User, administrator: User) -> None:
    card = card_of_search(by=deputy)
    was_long_ago(deputy, Role.AUDITOR)
    assert card.blocked_at is None
    assert not Message.objects.filter(kind="review_blocked").exists()
