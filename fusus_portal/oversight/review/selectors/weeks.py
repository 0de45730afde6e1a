from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.oversight.review.models import (
    AlarmAddress,
    ReviewCard,
    ReviewFinding,
    ReviewPaper,
    ReviewQuestion,
    ReviewWeek,
)
from fusus_portal.oversight.review.queue_rules import SHOWN_WEEKS
from fusus_portal.oversight.review.states import CardState, FindingState, QuestionState, WeekState


def weeks() -> QuerySet[ReviewWeek]:
    """Return the drawn reviews, newest first, with the number of cards (`total`) and of decided cards (`done`)."""
    done = Count("cards", filter=~Q(cards__state=CardState.WAITING))
    found = ReviewWeek.objects.exclude(state=WeekState.SEEDED).annotate(total=Count("cards"), done=done)
    return found.select_related("signed_by").order_by("-begins_at")


def week(pk: UUID) -> ReviewWeek:
    return find_or_refuse(weeks().filter(pk=pk), _("There is no review of this week."))


def current() -> ReviewWeek | None:
    return weeks().filter(state=WeekState.OPEN).order_by("begins_at").first()


def running() -> ReviewWeek | None:
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
    rows = person.review_questions.select_related("card__week", "asked_by").filter(pk=pk)
    return find_or_refuse(rows, _("There is no such question to you."))


def own_entries(question: ReviewQuestion) -> QuerySet[AuditEntry]:
    """Return the entries of a question's card that record the person's own acts, oldest first."""
    own = AuditEntry.objects.filter(id__in=question.card.entries, actor_id=str(question.person_id))
    return own.order_by("id")


def open_questions(person: User) -> int:
    return person.review_questions.filter(state=QuestionState.ASKED).count()


def findings() -> QuerySet[ReviewFinding]:
    """Return all findings, open ones first, each group by its due day."""
    return ReviewFinding.objects.select_related("card__week", "made_by", "closed_by").order_by("-state", "due_on")


def finding(pk: UUID) -> ReviewFinding:
    return find_or_refuse(findings().filter(pk=pk), _("There is no such finding."))


def overdue_findings(today: date) -> int:
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


def paper(week: ReviewWeek) -> bytes:
    """Return the signed PDF of a week. Raises NotYours before the signature."""
    found = ReviewPaper.objects.filter(week=week)
    return bytes(find_or_refuse(found, _("This week is not signed yet.")).content)


@dataclass(frozen=True, slots=True)
class PublicWeek:
    """The public part of a review. seed: "" before the draw. late: overdue, or signed late. sample: acts drawn."""

    begins_at: datetime
    seed_hash: str
    seed: str
    seeded_in_time: bool
    sample: int
    signed_at: datetime | None
    due_at: datetime
    late: bool


def public_state() -> list[PublicWeek]:
    now = timezone.now()
    drawn = Count("cards", filter=Q(cards__kind="sample"))
    found = ReviewWeek.objects.annotate(sample=drawn).order_by("-begins_at")
    return [_public(each, now) for each in found[:SHOWN_WEEKS]]


def _public(row: ReviewWeek, now: datetime) -> PublicWeek:
    is_drawn = row.state != WeekState.SEEDED
    due_at = row.due_at
    return PublicWeek(
        begins_at=row.begins_at,
        seed_hash=row.seed_hash,
        seed=row.seed if is_drawn else "",
        seeded_in_time=row.is_seeded_in_time,
        sample=row.sample,  # type: ignore[attr-defined]
        signed_at=row.signed_at,
        due_at=due_at,
        late=(row.signed_at or now) >= due_at,
    )
