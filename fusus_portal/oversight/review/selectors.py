"""Weeks with their cards, questions, findings and addresses; the sample, the evidence, and who took part in a card.

The sample is drawn by a rule that anyone with the entries can follow. Candidates: the week's entries of acts in
`rules.SAMPLED`, done by a person. Key: SHA-256 over the 16 bytes of the seed and the 16 bytes of the entry's own random
number `n`. The smallest keys are the sample; of equal keys, the smaller id.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Prefetch, Q, QuerySet, When
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.console.entry import same_transaction
from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import by_actor
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.states import RoleChangeKind, RoleChangeState
from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.oversight.review.models import (
    AlarmAddress,
    ReviewCard,
    ReviewFinding,
    ReviewPaper,
    ReviewQuestion,
    ReviewWeek,
)
from fusus_portal.oversight.review.rules import MONTHS, SAMPLED, SHOWN_WEEKS
from fusus_portal.oversight.review.states import CardState, FindingState, QuestionState, WeekState
from fusus_portal.oversight.review.week import Week
from registry.incidents.models import Incident

SAMPLE_DRAW = """
SELECT id FROM audit_entry
WHERE at >= %s AND at < %s AND event = ANY(%s) AND outcome = 'done' AND actor_kind = 'user'
ORDER BY sha256(%s || nonce), id LIMIT %s
"""


def sample_of_week(week: Week, *, seed: str, size: int) -> list[int]:
    """Return the entry ids of a week's sample, smallest key first; all acts of the week if it has fewer than `size`."""
    events = [event.value for event in SAMPLED]
    with connection.cursor() as cursor:
        cursor.execute(SAMPLE_DRAW, [week.begin, week.end, events, bytes.fromhex(seed), size])
        return [pk for (pk,) in cursor.fetchall()]


def weeks() -> QuerySet[ReviewWeek]:
    """Return the drawn reviews, newest first, with the number of cards (`total`) and of decided cards (`done`)."""
    done = Count("cards", filter=~Q(cards__state=CardState.WAITING))
    found = ReviewWeek.objects.exclude(state=WeekState.SEEDED).annotate(total=Count("cards"), done=done)
    return found.select_related("signed_by").order_by("-begins_at")


def week(pk: UUID) -> ReviewWeek:
    return find_or_refuse(weeks().filter(pk=pk), _("There is no review of this week."))


def current_week() -> ReviewWeek | None:
    return weeks().filter(state=WeekState.OPEN).order_by("begins_at").first()


def running_week() -> ReviewWeek | None:
    return ReviewWeek.objects.filter(state=WeekState.SEEDED).order_by("begins_at").first()


def cards(week: ReviewWeek) -> QuerySet[ReviewCard]:
    questions = Prefetch("questions", ReviewQuestion.objects.select_related("person", "asked_by").order_by("asked_at"))
    found = week.cards.select_related("account", "decided_by", "finding", "finding__made_by", "week")
    return found.prefetch_related(questions).order_by("place")


def card(pk: UUID) -> ReviewCard:
    found = ReviewCard.objects.select_related("week", "account", "decided_by", "finding", "finding__made_by")
    return find_or_refuse(found.filter(pk=pk), _("There is no such card."))


def questions_to(person: User) -> QuerySet[ReviewQuestion]:
    """Return the questions to a person: first those that wait for an answer, each group newest first."""
    questions = person.review_questions.select_related("card__week", "asked_by")
    return questions.order_by(Case(When(state=QuestionState.ASKED, then=0), default=1), "-asked_at")


def question_to(person: User, pk: UUID) -> ReviewQuestion:
    """Return a question to a person. Raises NotYours for anybody else's."""
    return find_or_refuse(questions_to(person).filter(pk=pk), _("There is no such question to you."))


def entries_of_question(question: ReviewQuestion) -> QuerySet[AuditEntry]:
    own = AuditEntry.objects.filter(id__in=question.card.entries, actor_id=str(question.person_id))
    return own.order_by("id")


def open_questions_to(person: User) -> QuerySet[ReviewQuestion]:
    waiting = person.review_questions.filter(state=QuestionState.ASKED)
    return waiting.select_related("card__week", "asked_by").order_by("asked_at", "pk")


def findings() -> QuerySet[ReviewFinding]:
    return ReviewFinding.objects.select_related("card__week", "made_by", "closed_by").order_by("-state", "due_on")


def finding(pk: UUID) -> ReviewFinding:
    return find_or_refuse(findings().filter(pk=pk), _("There is no such finding."))


def number_of_overdue_findings(today: date) -> int:
    return ReviewFinding.objects.filter(state=FindingState.OPEN, due_on__lt=today).count()


def addresses() -> QuerySet[AlarmAddress]:
    return AlarmAddress.objects.select_related("proposed_by", "approved_by", "retired_by").order_by("-proposed_at")


def proposed_addresses() -> QuerySet[AlarmAddress]:
    return addresses().filter(approved_at__isnull=True, retired_at__isnull=True)


def address(pk: UUID) -> AlarmAddress:
    return find_or_refuse(addresses().filter(pk=pk), _("There is no such address."))


def address_in_use() -> AlarmAddress | None:
    """Return the address that hears of overdue reviews, None until two administrators have set one."""
    return addresses().filter(approved_at__isnull=False, retired_at__isnull=True).order_by("-approved_at").first()


def paper_of_week(week: ReviewWeek) -> bytes:
    """Return the signed PDF of a week's review. Raises NotYours before the signature."""
    found = ReviewPaper.objects.filter(week=week)
    return bytes(find_or_refuse(found, _("This week is not signed yet.")).content)


def public_weeks() -> list[ReviewWeek]:
    """Return the reviews that the public reads of, newest first, with the number of acts drawn (`sample`)."""
    drawn = Count("cards", filter=Q(cards__kind="sample"))
    return list(ReviewWeek.objects.annotate(sample=drawn).order_by("-begins_at")[:SHOWN_WEEKS])


MOST_ENTRIES = 100
"""A card with more entries shows the first of them, and says so."""


def entries_of_card(card: ReviewCard) -> list[AuditEntry]:
    """Return the entries of a card, oldest first. A card with one entry shows all entries of that act."""
    found = list(AuditEntry.objects.filter(id__in=card.entries[:MOST_ENTRIES]).order_by("id"))
    if len(found) == 1:
        found += same_transaction(found[0])
    return sorted(found, key=lambda entry: entry.pk)


def cards_in_open_incidents(cards: Iterable[ReviewCard]) -> set[UUID]:
    incidents = incidents_of_cards(cards)
    named = {incident for each in incidents.values() for incident in each}
    open_ones = Incident.objects.filter(pk__in=named, settled_at__isnull=True).values_list("pk", flat=True)
    still = {str(pk) for pk in open_ones}
    return {card for card, found in incidents.items() if found & still}


def incidents_of_cards(cards: Iterable[ReviewCard]) -> dict[UUID, set[str]]:
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


def acts_of_colleagues(week: Week) -> dict[str, dict[str, float]]:
    """Return by month and role the median number of acts in `rules.SAMPLED` of a person who did any."""
    last = week.end - timedelta(seconds=1)
    by_person: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for month, role, actor, number in _acts_by_month(last):
        by_person[month, role][actor] += number
    found: dict[str, dict[str, float]] = {month: {} for month in months_until(last)}
    for (month, role), people in by_person.items():
        found.setdefault(month, {})[role] = float(median(people.values()))
    return found


def own_acts_by_month(card: ReviewCard) -> Mapping[str, int]:
    """Return the number of a card's person's acts in `rules.SAMPLED`, by month, up to the card's week."""
    last = card.week.ends_at - timedelta(seconds=1)
    counts = dict.fromkeys(months_until(last), 0)
    if card.account_id is None:
        return counts
    for month, _role, _actor, number in _acts_by_month(last, only=by_actor(str(card.account_id))):
        counts[month] += number
    return counts


def _acts_by_month(last: datetime, *, only: Q | None = None) -> list[tuple[str, str, str, int]]:
    begin = timezone.make_aware(datetime.fromisoformat(f"{months_until(last)[0]}-01"))
    wanted = AuditEntry.objects.filter(only or Q(), at__gte=begin, at__lte=last, event__in=SAMPLED, outcome="done")
    by_month = wanted.annotate(month=TruncMonth("at")).values("month", "actor_role", "actor_id")
    rows = by_month.annotate(number=Count("id"))
    return [(f"{row['month']:%Y-%m}", row["actor_role"], row["actor_id"], row["number"]) for row in rows]


def had_another_role(person: User, *, since: datetime) -> bool:
    """True if a person's role changed after a moment, so that they may have acted in the earlier role."""
    changes = person.role_changes.filter(kind=RoleChangeKind.CHANGE_ROLE, state=RoleChangeState.ACCEPTED)
    return changes.filter(approved_at__gte=since).exists()


def has_opened_card(person: User, card: ReviewCard) -> bool:
    own = AuditEntry.objects.filter(by_actor(str(person.pk)), event=Event.CARD_OPENED, outcome="done")
    return own.filter(subject_kind=card.subject.kind, subject_id=card.subject.id).exists()


def cards_took_part_in(person: User, cards: Iterable[ReviewCard]) -> set[UUID]:
    """Return the ids of cards in whose acts or incidents a person took part. Acts as a reviewer do not count."""
    wanted = list(cards)
    own = AuditEntry.objects.filter(by_actor(str(person.pk)), actor_kind=ActorKind.USER.value)
    acted = own.exclude(actor_role__in=Permission.REVIEW.roles)
    ids = {entry for card in wanted for entry in card.entries}
    entries = set(acted.filter(id__in=ids).values_list("id", flat=True))
    incidents = incidents_of_cards(wanted)
    named = {incident for found in incidents.values() for incident in found}
    worked_on = {str(pk) for pk in acted.filter(incident_id__in=named).values_list("incident_id", flat=True).distinct()}
    return {
        card.pk
        for card in wanted
        if card.account_id == person.pk or entries & set(card.entries) or incidents[card.pk] & worked_on
    }


def blocked_cards(cards: Iterable[ReviewCard], *, since: datetime) -> set[UUID]:
    """Return the ids of the cards that no auditor may review. since: beginning of their week."""
    wanted = list(cards)
    left = {card.pk for card in wanted}
    for auditor in User.objects.filter(role__in=Permission.AUDIT.roles, is_active=True).order_by("pk"):
        if not had_another_role(auditor, since=since):
            left &= cards_took_part_in(auditor, wanted)
    return left
