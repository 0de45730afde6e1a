"""Acts of the weekly review."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.oversight.review.services import addresses, cards, findings, papers, questions, weeks
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
    drawn,
    finding_of,
    searches,
    seeded,
    seen,
)


@calls(weeks.seed, Event.REVIEW_SEEDED)
def seed() -> Act:
    """The portal runs for the first time."""
    return weeks.seed


@calls(weeks.draw, Event.REVIEW_DRAWN)
def draw() -> Act:
    """A week has ended."""
    person("auditor")
    searches()
    week = seeded()

    def act() -> object:
        with time_machine.travel(week.ends_at + timedelta(hours=1), tick=False):
            return weeks.draw()

    return act


@calls(weeks.raise_overdue, Event.REVIEW_OVERDUE)
def raise_overdue() -> Act:
    """Nobody signed in time."""
    week = drawn()
    person("administrator")

    def act() -> object:
        with time_machine.travel(week.due_at + timedelta(minutes=1), tick=False):
            return weeks.raise_overdue()

    return act


@calls(cards.open_queue, Event.REVIEW_OPENED)
def open_queue() -> Act:
    """An auditor looks at the queue."""
    week, by = drawn(), person("auditor")
    return lambda: cards.open_queue(week=week, by=by)


@calls(cards.open_card, Event.CARD_OPENED)
def open_card() -> Act:
    """An auditor looks at a card."""
    card, by = card_of_search(), person("auditor")
    return lambda: cards.open_card(card=card, by=by)


@calls(cards.say_fine, Event.CARD_FINE)
def say_fine() -> Act:
    """It is fine."""
    by = person("auditor")
    card = seen(card_of_search(), by)
    return lambda: cards.say_fine(card=card, by=by)


@calls(cards.ask, Event.QUESTION_ASKED)
def ask() -> Act:
    """Or it is not clear."""
    by = person("auditor")
    card = seen(card_of_search(), by)
    return lambda: cards.ask(card=card, by=by, text=QUESTION)


@calls(questions.answer, Event.QUESTION_ANSWERED)
def answer() -> Act:
    """The person says what it was."""
    question = asked()
    return lambda: questions.answer(question=question, by=question.person, answer=ANSWER)


@calls(cards.find, Event.FINDING_MADE)
def find() -> Act:
    """Something is not as it should be."""
    by, day = person("auditor"), timezone.localdate()
    card = seen(card_of_search(), by)
    return lambda: cards.find(card=card, by=by, note=NOTE, follow_up=FOLLOW_UP, due_on=day)


@calls(findings.open_findings, Event.FINDINGS_READ)
def open_findings() -> Act:
    """An auditor looks at all findings."""
    by = person("auditor")
    return lambda: findings.open_findings(by=by)


@calls(findings.open_finding, Event.FINDINGS_READ)
def open_finding() -> Act:
    """Or at one of them."""
    finding, by = finding_of(), person("auditor")
    return lambda: findings.open_finding(finding=finding, by=by)


@calls(findings.close, Event.FINDING_CLOSED)
def close() -> Act:
    """Something came of it."""
    finding, by = finding_of(), person("auditor")
    return lambda: findings.close(finding=finding, by=by, outcome=OUTCOME)


@calls(papers.sign, Event.REVIEW_SIGNED)
def sign() -> Act:
    """Each card is done: there is none."""
    week, by = drawn(), person("auditor")
    return lambda: papers.sign(week=week, by=by)


@calls(papers.take, Event.REVIEW_PAPER_TAKEN)
def take() -> Act:
    """An auditor takes the PDF along."""
    by = person("auditor")
    week = papers.sign(week=drawn(), by=by)
    return lambda: papers.take(week=week, by=by)


@calls(addresses.propose, Event.REVIEW_ADDRESS_PROPOSED)
def propose() -> Act:
    """An administrator proposes who hears."""
    by = person("administrator")
    return lambda: addresses.propose(email="board@county.example", by=by)


@calls(addresses.approve, Event.REVIEW_ADDRESS_APPROVED)
def approve() -> Act:
    """Another one approves it."""
    address, by = addresses.propose(email="board@county.example", by=person("administrator")), person("administrator")
    return lambda: addresses.approve(address=address, by=by)


@calls(addresses.cancel, Event.REVIEW_ADDRESS_RETIRED)
def cancel() -> Act:
    """Or nobody does."""
    by = person("administrator")
    address = addresses.propose(email="board@county.example", by=by)
    return lambda: addresses.cancel(address=address, by=by)
