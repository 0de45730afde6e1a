"""Who stands before the pages of the weekly review."""

from typing import TYPE_CHECKING

from audit.console import services as console
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.review.models import CardKind
from fusus_portal.oversight.review.services import addresses
from tests.factories import person
from tests.oversight.review.reviewing import asked, drawn, finding_of, searches, seen, wanted_explanation

if TYPE_CHECKING:
    from tests.browser.pages.everybody import Everybody


def reviews(here: "Everybody") -> None:
    """Let a reviewer come from outside, and a week be there with a card, a question and a finding."""
    here.comes(person(Role.REVIEWER))
    auditor = person(Role.AUDITOR)
    here.comes(auditor)
    saved = console.save_search(name="Refusals", query="outcome=refused", said="Refused", by=auditor.actor)
    here.knows("searches", saved.pk)
    own = {search.pk for search in searches(3)}
    week = drawn()
    first, second, *others = week.cards.filter(kind=CardKind.SAMPLE)
    # A wish for an explanation closes the card's incident: one of these searches, since others' requests wait.
    third = next(card for card in others if own.issuperset(card.entries))
    question, finding = asked(first), finding_of(second)
    here.comes(question.person)
    here.knows("weeks", week)
    here.knows("cards", first, seen(wanted_explanation(third).card, auditor))
    here.knows("questions", question)
    here.knows("findings", finding)
    here.knows("review-address", addresses.propose_address(email="board@county.example", by=person(Role.ADMINISTRATOR)))
