"""Acts of the weekly review."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.oversight.review.services import addresses, explanations, reviews as review
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.oversight.review.reviewing import (
    ANSWER,
    FOLLOW_UP,
    NOTE,
    OUTCOME,
    QUESTION,
    asked,
    card_of_search,
    close_incidents,
    drawn,
    finding_of,
    searches,
    seeded,
    seen,
    wanted_explanation,
)


@calls(review.seed_weeks, Event.REVIEW_SEEDED)
def seed() -> Act:
    """The portal runs for the first time, and draws a seed."""
    return review.seed_weeks


@calls(review.draw_weeks, Event.REVIEW_DRAWN)
def draw() -> Act:
    """A week has ended, and its cards are drawn."""
    person("auditor")
    searches()
    week = seeded()

    def act() -> object:
        with time_machine.travel(week.ends_at + timedelta(hours=1), tick=False):
            return review.draw_weeks()

    return act


@calls(review.raise_overdue_weeks, Event.REVIEW_OVERDUE)
def raise_overdue() -> Act:
    """Nobody signed a week in time."""
    week = drawn()
    person("administrator")

    def act() -> object:
        with time_machine.travel(week.due_at + timedelta(minutes=1), tick=False):
            return review.raise_overdue_weeks()

    return act


@calls(review.open_queue, Event.REVIEW_OPENED)
def open_queue() -> Act:
    """An auditor looks at the queue."""
    week, by = drawn(), person("auditor")
    return lambda: review.open_queue(week=week, by=by)


@calls(review.open_card, Event.CARD_OPENED)
def open_card() -> Act:
    """An auditor looks at a card."""
    card, by = card_of_search(), person("auditor")
    return lambda: review.open_card(card=card, by=by)


@calls(review.say_fine, Event.CARD_FINE)
def say_fine() -> Act:
    """An auditor says that a card is fine."""
    by = person("auditor")
    card = seen(card_of_search(), by)
    return lambda: review.say_fine(card=card, by=by)


@calls(review.ask_question, Event.QUESTION_ASKED)
def ask() -> Act:
    """An auditor asks about a card."""
    by = person("auditor")
    card = seen(card_of_search(), by)
    return lambda: review.ask_question(card=card, by=by, text=QUESTION)


@calls(review.answer, Event.QUESTION_ANSWERED)
def answer() -> Act:
    """The person who was asked answers."""
    question = asked()
    return lambda: review.answer(question=question, by=question.person, answer=ANSWER)


@calls(review.make_finding, Event.FINDING_MADE)
def find() -> Act:
    """An auditor makes a finding of a card."""
    by, day = person("auditor"), timezone.localdate()
    card = seen(card_of_search(), by)
    return lambda: review.make_finding(card=card, by=by, note=NOTE, follow_up=FOLLOW_UP, due_on=day)


@calls(review.open_findings, Event.FINDINGS_READ)
def open_findings() -> Act:
    """An auditor looks at all findings."""
    by = person("auditor")
    return lambda: review.open_findings(by=by)


@calls(review.open_finding, Event.FINDINGS_READ)
def open_finding() -> Act:
    """An auditor looks at one finding."""
    finding, by = finding_of(), person("auditor")
    return lambda: review.open_finding(finding=finding, by=by)


@calls(review.close_finding, Event.FINDING_CLOSED)
def close() -> Act:
    """An auditor closes a finding."""
    finding, by = finding_of(), person("auditor")
    return lambda: review.close_finding(finding=finding, by=by, outcome=OUTCOME)


@calls(review.sign_week, Event.REVIEW_SIGNED)
def sign() -> Act:
    """An auditor signs a week that has no cards."""
    week, by = drawn(), person("auditor")
    return lambda: review.sign_week(week=week, by=by)


@calls(review.take_paper, Event.REVIEW_PAPER_TAKEN)
def take() -> Act:
    """An auditor takes the PDF along."""
    by = person("auditor")
    week = review.sign_week(week=drawn(), by=by)
    return lambda: review.take_paper(week=week, by=by)


@calls(review.take_council_paper, Event.COUNCIL_PAPER_TAKEN)
def take_for_council() -> Act:
    """A reviewer from outside takes the PDF along that a council reads."""
    week = review.sign_week(week=drawn(), by=person("auditor"))
    by = person("reviewer")
    return lambda: review.take_council_paper(week=week, by=by)


@calls(explanations.want, Event.EXPLANATION_WANTED)
def want() -> Act:
    """A reviewer from outside wants a card explained."""
    by, card = person("reviewer"), card_of_search()
    close_incidents()
    seen(card, by)
    return lambda: explanations.want(card=card, by=by)


@calls(explanations.explain, Event.EXPLANATION_GIVEN)
def explain() -> Act:
    """An auditor explains a card."""
    wanted, by = wanted_explanation(), person("auditor")
    seen(wanted.card, by)
    return lambda: explanations.explain(explanation=wanted, by=by, text=ANSWER)


@calls(addresses.propose_address, Event.REVIEW_ADDRESS_PROPOSED)
def propose() -> Act:
    """An administrator proposes who hears of an overdue review."""
    by = person("administrator")
    return lambda: addresses.propose_address(email="board@county.example", by=by)


@calls(addresses.approve_address, Event.REVIEW_ADDRESS_APPROVED)
def approve() -> Act:
    """Another administrator approves the address."""
    address, by = (
        addresses.propose_address(email="board@county.example", by=person("administrator")),
        person("administrator"),
    )
    return lambda: addresses.approve_address(address=address, by=by)


@calls(addresses.cancel_address, Event.REVIEW_ADDRESS_RETIRED)
def cancel() -> Act:
    """Another administrator cancels the address."""
    by = person("administrator")
    address = addresses.propose_address(email="board@county.example", by=by)
    return lambda: addresses.cancel_address(address=address, by=by)
