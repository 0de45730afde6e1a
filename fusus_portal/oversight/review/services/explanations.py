"""Cards that reviewers from outside want explained, and the auditors' explanations, also after a week is signed."""

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.oversight.review import locks, policies, selectors
from fusus_portal.oversight.review.models import ReviewCard, ReviewExplanation
from fusus_portal.oversight.review.services.reviews import must_be_independent
from fusus_portal.oversight.review.states import ExplanationState


def want(*, card: ReviewCard, by: User) -> ReviewExplanation:
    """Mark a card: a reviewer from outside wants it explained. Raises Refused, Stale if unopened or marked already."""
    demand(by, Permission.WANT_EXPLANATION, subject=card.subject)
    with transaction.atomic():
        locked = locks.card(card.pk)
        policies.may_see(by, locked, in_open_incident=bool(selectors.cards_in_open_incidents([locked])))
        policies.must_have_looked(locked, has_looked=selectors.has_opened_card(by, locked))
        policies.must_be_unmarked(locked)
        wanted = ReviewExplanation(card=locked, wanted_by=by)
        wanted.save(force_insert=True)
        facts = {"card": str(locked.pk)}
        record(event=Event.EXPLANATION_WANTED, actor=by.actor, subject=wanted.subject, facts=facts)
    return wanted


def explain(*, explanation: ReviewExplanation, by: User, text: str) -> ReviewExplanation:
    """Explain a card. Raises Refused if `by` took part, Stale if it is explained already, ValidationError on "text"."""
    typed = policies.check_text(text, field="text")
    with transaction.atomic():
        person = accounts.hold_asker(by.pk) or by
        card = locks.card(explanation.card_id)
        _may_explain(card, person)
        locked = ReviewExplanation.objects.select_for_update(no_key=True).get(pk=explanation.pk)
        locked.text, locked.given_by, locked.given_at = typed, person, timezone.now()
        steps.take(locked, ExplanationState.GIVEN, person, facts={"card": str(card.pk)}, reason=typed)
    return locked


def must_be_explicable(*, explanation: ReviewExplanation, by: User) -> None:
    """Raise Refused if a person may not explain a card; Stale if they never opened it, or if it is explained."""
    _may_explain(explanation.card, by)
    steps.check(explanation, ExplanationState.GIVEN, by)


def _may_explain(card: ReviewCard, by: User) -> None:
    must_be_independent(card=card, by=by, permission=Permission.AUDIT)
    policies.must_have_looked(card, has_looked=selectors.has_opened_card(by, card))
