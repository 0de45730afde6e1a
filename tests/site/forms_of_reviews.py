"""Forms of the weekly review, each with right and wrong answers."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from tests.factories import person
from tests.oversight.review.reviewing import (
    ANSWER,
    FOLLOW_UP,
    NOTE,
    OUTCOME,
    QUESTION,
    asked,
    card_of_search,
    finding_of,
    seen,
    wanted_explanation,
)
from tests.people import sign_in
from tests.site.wrong_answers import WrongForm, asks

LONG = "Too long a text. " * 70


def review_ask() -> WrongForm:
    """A question about a card."""
    by = person(Role.AUDITOR)
    address = reverse("review_ask", args=[seen(card_of_search(), by).pk])
    return WrongForm(sign_in(by), address, (asks("text", QUESTION, "", "why?", LONG),))


def review_answer() -> WrongForm:
    """The answer to a question."""
    question = asked()
    address = reverse("review_question", args=[question.pk])
    return WrongForm(sign_in(question.person), address, (asks("answer", ANSWER, "", "aaaaaaaaaaaaa", LONG),))


def review_find() -> WrongForm:
    """A finding of a card."""
    by, today = person(Role.AUDITOR), timezone.localdate()
    days = [f"{today - timedelta(days=1)}", f"{today + timedelta(days=999)}", "soon", ""]
    return WrongForm(
        sign_in(by),
        reverse("review_find", args=[seen(card_of_search(), by).pk]),
        (asks("note", NOTE, "", "bad", LONG), asks("follow_up", FOLLOW_UP, "", "?"), asks("due_on", f"{today}", *days)),
    )


def review_close() -> WrongForm:
    """The outcome of a finding."""
    address = reverse("review_finding", args=[finding_of().pk])
    return WrongForm(sign_in(person(Role.AUDITOR)), address, (asks("outcome", OUTCOME, "", "done", LONG),))


def review_address() -> WrongForm:
    """An address that hears of an overdue review."""
    question = asks("email", "board@county.example", "", "nobody")
    return WrongForm(sign_in(person(Role.ADMINISTRATOR)), reverse("review_addresses"), (question,))


def review_explain() -> WrongForm:
    """The explanation of a card to a reviewer from outside."""
    by, explanation = person(Role.AUDITOR), wanted_explanation()
    address = reverse("review_explain", args=[seen(explanation.card, by).pk])
    return WrongForm(sign_in(by), address, (asks("text", ANSWER, "", "fine", LONG),))


FORMS = (review_ask, review_answer, review_explain, review_find, review_close, review_address)
