"""Evidence of a card: its entries and those of the same acts, and the person's months beside colleagues'."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from audit.console.entry.neighbors import same_transaction
from audit.log.models import AuditEntry
from audit.log.selectors import by_actor
from fusus_portal.oversight.review.models import ReviewCard
from fusus_portal.oversight.review.queue_rules import MONTHS, SAMPLED
from fusus_portal.oversight.review.week import Week
from registry.incidents.models import Incident

MOST_ENTRIES = 100
"""A card with more entries shows the first of them, and says so."""


def entries(card: ReviewCard) -> list[AuditEntry]:
    """Return the entries of a card in order. A card with one entry shows all entries of its act."""
    found = list(AuditEntry.objects.filter(id__in=card.entries[:MOST_ENTRIES]).order_by("id"))
    if len(found) == 1:
        found += same_transaction(found[0])
    return sorted(found, key=lambda entry: entry.pk)


def in_open_incident(cards: Iterable[ReviewCard]) -> set[UUID]:
    incidents = incidents_of(cards)
    named = {incident for each in incidents.values() for incident in each}
    open_ones = Incident.objects.filter(pk__in=named, settled_at__isnull=True).values_list("pk", flat=True)
    still = {str(pk) for pk in open_ones}
    return {card for card, found in incidents.items() if found & still}


def incidents_of(cards: Iterable[ReviewCard]) -> dict[UUID, set[str]]:
    """Return the incidents of each card's entries, by card id. A refusal has its incident in facts or as subject."""
    wanted = list(cards)
    ids = {entry for card in wanted for entry in card.entries}
    names = ("id", "incident_id", "facts__incident", "subject_kind", "subject_id")
    named = {
        pk: str(incident or told or (subject if kind == Incident.subject_kind else ""))
        for pk, incident, told, kind, subject in AuditEntry.objects.filter(id__in=ids).values_list(*names)
    }
    return {card.pk: {named[entry] for entry in card.entries if named.get(entry)} for card in wanted}


def months_until(moment: datetime) -> list[str]:
    month, found = timezone.localdate(moment).replace(day=1), []
    for _number in range(MONTHS):
        found.append(f"{month:%Y-%m}")
        month = (month - timedelta(days=1)).replace(day=1)
    return found[::-1]


def colleagues(week: Week) -> dict[str, dict[str, float]]:
    """Return by month and role the median number of sampled acts, of people who did any."""
    last = week.end - timedelta(seconds=1)
    by_person: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for month, role, actor, number in _monthly(last):
        by_person[month, role][actor] += number
    found: dict[str, dict[str, float]] = {month: {} for month in months_until(last)}
    for (month, role), people in by_person.items():
        found.setdefault(month, {})[role] = float(median(people.values()))
    return found


def own_months(card: ReviewCard) -> Mapping[str, int]:
    """Return the person's sampled acts by month, up to the card's week."""
    last = card.week.ends_at - timedelta(seconds=1)
    counts = dict.fromkeys(months_until(last), 0)
    if card.account_id is None:
        return counts
    for month, _role, _actor, number in _monthly(last, only=by_actor(str(card.account_id))):
        counts[month] += number
    return counts


def _monthly(last: datetime, *, only: Q | None = None) -> list[tuple[str, str, str, int]]:
    begin = timezone.make_aware(datetime.fromisoformat(f"{months_until(last)[0]}-01"))
    wanted = AuditEntry.objects.filter(only or Q(), at__gte=begin, at__lte=last, event__in=SAMPLED, outcome="done")
    by_month = wanted.annotate(month=TruncMonth("at")).values("month", "actor_role", "actor_id")
    rows = by_month.annotate(number=Count("id"))
    return [(f"{row['month']:%Y-%m}", row["actor_role"], row["actor_id"], row["number"]) for row in rows]
