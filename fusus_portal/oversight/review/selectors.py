"""Weeks with their cards, questions, findings and addresses; the sample, the evidence, and who took part in a card.

The sample is drawn by a rule that anyone with the entries can follow. Candidates: the week's entries of acts in
`rules.SAMPLED`, done by a person. Key: SHA-256 over the 16 bytes of the seed and the 16 bytes of the entry's own random
number `n`. The smallest keys are the sample; of equal keys, the smaller id.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.console.entry import MOST_BESIDE, ids_beside, is_look_at_owner
from audit.hooks import is_id
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
    ReviewExplanation,
    ReviewFinding,
    ReviewPaper,
    ReviewQuestion,
    ReviewWeek,
)
from fusus_portal.oversight.review.rules import MONTHS, OWN_MONTHS, SAMPLED, SHOWN_WEEKS
from fusus_portal.oversight.review.states import CardState, ExplanationState, FindingState, QuestionState, WeekState
from fusus_portal.oversight.review.week import DAYS, Week
from integration.critical.models import Declaration
from integration.live.models import ViewGrant
from registry.access_log.selectors import delays_running
from registry.canvasses.models import Canvass
from registry.incidents.models import Incident
from registry.places.models import Camera

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


SHOWN_WITH_CARD = ("week", "account", "decided_by", "finding__made_by", "explanation__given_by")


def cards(week: ReviewWeek) -> QuerySet[ReviewCard]:
    questions = Prefetch("questions", ReviewQuestion.objects.select_related("person", "asked_by").order_by("asked_at"))
    found = week.cards.select_related(*SHOWN_WITH_CARD)
    return found.prefetch_related(questions).order_by("place")


def card(pk: UUID) -> ReviewCard:
    found = ReviewCard.objects.select_related(*SHOWN_WITH_CARD)
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
    return questions_to(person).filter(state=QuestionState.ASKED).order_by("asked_at", "pk")


def findings() -> QuerySet[ReviewFinding]:
    return ReviewFinding.objects.select_related("card__week", "made_by", "closed_by").order_by("-state", "due_on")


def finding(pk: UUID) -> ReviewFinding:
    return find_or_refuse(findings().filter(pk=pk), _("There is no such finding."))


def overdue_findings(today: date) -> QuerySet[ReviewFinding]:
    """Return the open findings past their day, the most overdue first."""
    return findings().filter(state=FindingState.OPEN, due_on__lt=today)


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


def council_paper_of_week(week: ReviewWeek) -> bytes:
    """Return the PDF that a council reads. Raises NotYours before the signature, and for weeks signed without one."""
    found = ReviewPaper.objects.filter(week=week).exclude(council=b"")
    return bytes(find_or_refuse(found, _("There is no such paper of this week.")).council)


def public_weeks() -> list[ReviewWeek]:
    """Return the reviews that the public reads of, newest first, with the number of acts drawn (`sample`)."""
    drawn = Count("cards", filter=Q(cards__kind="sample"))
    return list(ReviewWeek.objects.annotate(sample=drawn).order_by("-begins_at")[:SHOWN_WEEKS])


MOST_ENTRIES = 100
"""A card with more entries shows the first of them, and says so."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Entries of the log about a card. entries: those shown, oldest first. number: of all that the card is about.

    folds: all of them counted, in their order.
    """

    entries: Sequence[AuditEntry]
    number: int
    folds: Sequence["Fold"]


@dataclass(frozen=True, slots=True)
class Fold:
    """Entries of one event, outcome and person. first: the oldest. last_at: time of the latest.

    cameras: their number. owners: cameras of each owner, the most first. gone: cameras that are not registered now.
    """

    first: AuditEntry
    last_at: datetime
    number: int
    cameras: int
    owners: Sequence[int]

    @property
    def gone(self) -> int:
        return self.cameras - sum(self.owners)


def evidence_of_card(card: ReviewCard) -> Evidence:
    """Return the evidence of a card. One with one entry has that whole act, and shows MOST_BESIDE further entries."""
    ids = sorted(card.entries)
    shown = ids[:MOST_ENTRIES]
    if len(ids) == 1:
        beside = [pk for entry in AuditEntry.objects.filter(id=ids[0]) for pk in ids_beside(entry)]
        shown, ids = [*ids, *beside[:MOST_BESIDE]], [*ids, *beside]
    entries = list(AuditEntry.objects.filter(id__in=shown).order_by("id"))
    return Evidence(entries, len(ids), _folded(AuditEntry.objects.filter(id__in=ids).order_by("id")))


def _folded(entries: Iterable[AuditEntry]) -> list[Fold]:
    groups: dict[tuple[str, ...], list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        groups[entry.event, entry.outcome, entry.actor_kind, entry.actor_pseudonym].append(entry)
    cameras = {
        key: {each.camera_id for each in same if each.camera_id and not is_look_at_owner(each)}
        for key, same in groups.items()
    }
    there = Camera.objects.filter(pk__in=set().union(*cameras.values()))
    owners = {str(camera): owner for camera, owner in there.values_list("pk", "premises__registrant_id")}
    return [
        Fold(
            same[0],
            same[-1].at,
            len(same),
            len(cameras[key]),
            sorted(Counter(owners[each] for each in cameras[key] if each in owners).values(), reverse=True),
        )
        for key, same in groups.items()
    ]


def first_entries_of_cards(cards: Iterable[ReviewCard]) -> dict[UUID, AuditEntry]:
    """Return the oldest entry of each card, by card id; a card without entries is absent."""
    first = {card.pk: min(card.entries) for card in cards if card.entries}
    found = AuditEntry.objects.in_bulk(list(first.values()))
    return {card: found[entry] for card, entry in first.items() if entry in found}


MOST_CALLS = 5
"""A card shows the calls of at most this many incidents, the latest, and says how many more there are."""


def calls_of_card(card: ReviewCard) -> list[Incident]:
    """Return the incidents of a card, the latest first, with whom and what confirmed each."""
    pks = [each for each in incidents_of_cards([card])[card.pk] if is_id(each)]
    found = Incident.objects.filter(pk__in=pks).select_related("type", "opened_by", "verified_by", "confirmed_by")
    return list(found.order_by("-opened_at", "pk"))


def incident_numbers_in(text: str) -> list[str]:
    """Return the numbers of incidents that a typed text names, the longest first."""
    named = Incident.objects.annotate(typed=Value(text)).filter(typed__contains=F("number"))
    return sorted(named.values_list("number", flat=True), key=len, reverse=True) if text else []


def searched_in(entries: Iterable[AuditEntry]) -> tuple[list[Canvass], list[Declaration]]:
    """Return the canvasses and declared circles that entries name: what was searched, and where cameras were viewed."""
    named: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for kind, pk in ((entry.subject_kind, entry.subject_id), ("canvass", str(entry.facts.get("canvass", "")))):
            if is_id(pk):
                named[kind].add(pk)
    searched = Canvass.objects.filter(pk__in=named[Canvass.subject_kind]).select_related("incident")
    declared = Declaration.objects.filter(
        Q(pk__in=named[Declaration.subject_kind]) | Q(grants__in=named[ViewGrant.subject_kind])
    )
    return list(searched.order_by("created_at")), list(declared.select_related("incident").distinct())


WEEKS_BEFORE = OWN_MONTHS.days // DAYS
"""Weeks before a card's week that make a person's usual week."""


def usual_week(card: ReviewCard) -> tuple[Sequence[int], Sequence[float]] | None:
    """Return acts in `rules.SAMPLED` of a card's person, from Monday to Sunday; None for a card about nobody.

    First those of the card's week, then the means of the WEEKS_BEFORE weeks before.
    """
    if card.account_id is None:
        return None
    begin = timezone.make_aware(datetime.combine(card.week.week.monday - timedelta(days=WEEKS_BEFORE * DAYS), time.min))
    acts = AuditEntry.objects.filter(by_actor(str(card.account_id)), event__in=SAMPLED, outcome="done")
    by_day = acts.filter(at__gte=begin, at__lt=card.week.ends_at).annotate(day=TruncDate("at"))
    own, before = [0] * DAYS, [0] * DAYS
    for day, number in by_day.order_by().values_list("day").annotate(number=Count("id")):
        (own if day >= card.week.week.monday else before)[day.weekday()] += number
    return own, [number / WEEKS_BEFORE for number in before]


def explanations_waiting() -> QuerySet[ReviewExplanation]:
    """Return the explanations that reviewers from outside wait for, oldest first."""
    waiting = ReviewExplanation.objects.filter(state=ExplanationState.WANTED)
    return waiting.select_related("card__week", "card__account").order_by("wanted_at")


def explanation_of(card: ReviewCard) -> ReviewExplanation:
    return find_or_refuse(ReviewExplanation.objects.filter(card=card), _("Nobody wants this card explained."))


def cards_with_delayed_acts(cards: Iterable[ReviewCard]) -> set[UUID]:
    """Return the ids of cards about an incident with a delay: an owner reads only later who looked."""
    delayed = {str(pk) for pk in delays_running(timezone.now()).values_list("incident_id", flat=True)}
    return {card for card, found in incidents_of_cards(cards).items() if found & delayed}


def open_findings_before(week: ReviewWeek) -> QuerySet[ReviewFinding]:
    return findings().filter(state=FindingState.OPEN, card__week__begins_at__lt=week.begins_at)


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
