"""A weekly review: this week as if it had ended, with acts of the demo as cards, and a question to a deputy."""

from datetime import timedelta

from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review import week
from fusus_portal.oversight.review.models import ReviewWeek
from fusus_portal.oversight.review.services import cards, weeks

QUESTION = "How did you choose this area? Please say which witness or report led you there."


def review(*, auditor: User, deputy: User) -> None:
    """Add the review, once. Its seed is as old as the demo, and the public page says so."""
    if ReviewWeek.objects.exists():
        return
    this = week.of(timezone.now())
    weeks.seed(now=this.previous().begin)
    weeks.draw(now=this.end + timedelta(hours=1))
    reviewed = ReviewWeek.objects.get(begins_at=this.begin)
    card = reviewed.cards.filter(account=deputy).first()
    if card is not None:
        cards.open_card(card=card, by=auditor)
        cards.ask(card=card, by=auditor, text=QUESTION)
