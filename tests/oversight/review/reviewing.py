"""A week with acts in it, seeded before and drawn after. Entries take the database's own time, so the clock is ours."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.oversight.review import selectors, week
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind
from fusus_portal.oversight.review.models import (
    ReviewCard,
    ReviewExplanation,
    ReviewFinding,
    ReviewQuestion,
    ReviewWeek,
)
from fusus_portal.oversight.review.services import explanations, reviews
from registry.incidents.models import Incident
from registry.incidents.states import IncidentState
from tests.factories import closed_for_good, draft_of, incident_at, person, registrant_at

QUESTION = "Why did you search this park twice in one night?"
ANSWER = "The first circle missed the alley that the witness named."
NOTE = "Two searches for one burglary, the second without a reason of its own."
FOLLOW_UP = "The sergeant talks to the deputy about reasons."
OUTCOME = "They talked, and the deputy wrote down what was agreed."


def searches(number: int = 1, *, by: User | None = None) -> list[AuditEntry]:
    """Let a deputy search for one burglary after the other; return the entries of the searches."""
    registrant_at()
    deputy = by or person(Role.DEPUTY)
    drafts = [draft_of(incident_at(by=deputy), by=deputy) for _number in range(number)]
    found = AuditEntry.objects.filter(subject_kind="canvass", subject_id__in=[str(draft.pk) for draft in drafts])
    return list(found.filter(event="registry:canvass:draft").order_by("id"))


def seeded() -> ReviewWeek:
    """Return this week, whose seed was drawn in the week before."""
    with time_machine.travel(timezone.now() - timedelta(days=7), tick=False):
        reviews.seed_weeks()
    return ReviewWeek.objects.get(begins_at=week.of(timezone.now()).begin)


def drawn(*flags: Flag) -> ReviewWeek:
    """Return this week with its cards, as if it had ended an hour ago. flags: what stood out in it."""
    made = seeded()
    with standing_out(*flags), time_machine.travel(made.ends_at + timedelta(hours=1), tick=False):
        reviews.draw_weeks()
    made.refresh_from_db()
    return made


@contextmanager
def standing_out(*flags: Flag) -> Iterator[None]:
    """Let these be what stands out: finding it is not the part that is tested here."""
    with patch("fusus_portal.oversight.review.flags.found", lambda _week: list(flags)):
        yield


def flag_of(entries: Iterable[AuditEntry], *, weight: float = 1.0) -> Flag:
    """Return a flag about who did these."""
    listed = list(entries)
    facts = {"searches": len(listed)}
    return Flag(FlagKind.ODD_HOURS, listed[0].actor_pseudonym, tuple(each.pk for each in listed), facts, weight)


def card_of_search(*, by: User | None = None) -> ReviewCard:
    """Return the card of the one act of a week: a deputy's search."""
    searches(by=by)
    return drawn().cards.get()


def card_about(account: User) -> ReviewCard:
    """Return a card about somebody, whatever they do here."""
    return drawn(Flag(FlagKind.REFUSED, account.pseudonym, ())).cards.get()


def seen(card: ReviewCard, by: User) -> ReviewCard:
    """Return a card that somebody has opened, where they may."""
    with suppress(Refused):
        reviews.open_card(card=card, by=by)
    return card


def close_incidents() -> None:
    """Close each incident for good, as the person who opened it."""
    for incident in Incident.objects.filter(state=IncidentState.OPEN):
        closed_for_good(incident)


def asked(card: ReviewCard | None = None) -> ReviewQuestion:
    """Return a question about a card."""
    by = person(Role.AUDITOR)
    return reviews.ask_question(card=seen(card or card_of_search(), by), by=by, text=QUESTION)


def wanted_explanation(card: ReviewCard | None = None) -> ReviewExplanation:
    """Close a card's incident; return the mark of a reviewer from outside on the card."""
    by, marked = person(Role.REVIEWER), card or card_of_search()
    for incident in Incident.objects.filter(pk__in=selectors.incidents_of_cards([marked])[marked.pk]):
        closed_for_good(incident)
    return explanations.want(card=seen(marked, by), by=by)


def finding_of(card: ReviewCard | None = None) -> ReviewFinding:
    """Return a finding of a card."""
    day = timezone.localdate() + timedelta(days=14)
    by = person(Role.AUDITOR)
    return reviews.make_finding(
        card=seen(card or card_of_search(), by), by=by, note=NOTE, follow_up=FOLLOW_UP, due_on=day
    )


def read(client: Client, name: str, *args: object) -> str:
    """Return what a page says."""
    page = client.get(reverse(name, args=args))
    assert page.status_code == 200, page.status_code
    return page.content.decode()
