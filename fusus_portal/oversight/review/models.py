"""Tables of the weekly review. The log is the evidence; the tables say who looked at it, and with which result."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.lifecycle import Lifecycle
from fusus_portal.ground.rows import Recorded, Stepped, both_or_none
from fusus_portal.oversight.review import states
from fusus_portal.oversight.review.flags.kinds import FlagKind
from fusus_portal.oversight.review.rules import LONGEST_FOLLOW_UP, LONGEST_TEXT, TIME_TO_REVIEW
from fusus_portal.oversight.review.states import CardState, ExplanationState, FindingState, QuestionState, WeekState
from fusus_portal.oversight.review.week import Week

HASH = r"^[0-9a-f]{64}$"
SEED = r"^[0-9a-f]{32}$"


class ReviewWeek(Stepped):
    """The review of one week.

    seed: 16 random bytes in hexadecimal; no page shows them before the week is drawn. seed_hash: SHA-256 of those
    bytes. acts: number of acts that the sample is drawn from. colleagues: median acts of a person, by month and role.
    """

    subject_kind = "review_week"
    lifecycle: ClassVar[Lifecycle] = states.WEEK

    begins_at = models.DateTimeField(unique=True)
    ends_at = models.DateTimeField()
    seed = models.CharField(max_length=32)
    seed_hash = models.CharField(max_length=64, unique=True)
    seeded_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=WeekState, default=WeekState.SEEDED)
    drawn_at = models.DateTimeField(null=True, blank=True)
    acts = models.PositiveIntegerField(default=0)
    colleagues = models.JSONField(default=dict, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)
    signed_by = staff_key()
    signed_at = models.DateTimeField(null=True, blank=True)
    paper_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-begins_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="review_week_state_in_list", condition=Q(state__in=WeekState.values)),
            models.CheckConstraint(name="review_week_ends_later", condition=Q(ends_at__gt=F("begins_at"))),
            models.CheckConstraint(
                name="review_week_seed_form", condition=Q(seed__regex=SEED) & Q(seed_hash__regex=HASH)
            ),
            both_or_none("review_week_signed_pair", "signed_by", "signed_at"),
            models.CheckConstraint(
                name="review_week_drawn_has_time",
                condition=Q(state=WeekState.SEEDED, drawn_at__isnull=True)
                | (~Q(state=WeekState.SEEDED) & Q(drawn_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="review_week_signed_has_paper",
                condition=Q(state=WeekState.SIGNED, signed_at__isnull=False, paper_hash__regex=HASH)
                | (~Q(state=WeekState.SIGNED) & Q(signed_at__isnull=True, paper_hash="")),
            ),
        ]

    def __str__(self) -> str:
        return f"week of {self.week.monday}"

    @property
    def week(self) -> Week:
        return Week(self.begins_at, self.ends_at)

    @property
    def is_seeded_in_time(self) -> bool:
        """True if the hash of the seed was in the log before the week began."""
        return self.seeded_at < self.begins_at

    @property
    def due_at(self) -> datetime:
        return self.ends_at + TIME_TO_REVIEW

    @property
    def is_late(self) -> bool:
        return (self.signed_at or timezone.now()) >= self.due_at


class ReviewPaper(models.Model):
    """The signed PDFs of a week's review, in the database so that a backup has them too: some tens of kilobytes a week.

    council: the one that a council reads; empty for a week signed before there was one.
    """

    week = models.OneToOneField(ReviewWeek, on_delete=models.PROTECT, primary_key=True, related_name="paper")
    content = models.BinaryField()
    council = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"paper of the {self.week}"


class CardKind(models.TextChoices):
    SAMPLE = "sample", _("Random sample")
    FLAG = "flag", _("Stood out")


class ReviewCard(Stepped):
    """A card of a review: an act of the sample, or a flag, that somebody must look at.

    flag: "" for the sample. person: badge pseudonym of the person it is about, "" for nobody. account: that person's.
    entries: ids of the entries that show it, oldest first. facts, weight: as of a flag. blocked_at: when no auditor
    was left who may review it.
    """

    subject_kind = "review_card"
    lifecycle: ClassVar[Lifecycle] = states.CARD

    week = models.ForeignKey(ReviewWeek, on_delete=models.PROTECT, related_name="cards")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=CardKind)
    flag = models.CharField(max_length=20, choices=FlagKind, blank=True)
    person = models.CharField(max_length=64, blank=True)
    account = staff_key()
    entries = ArrayField(models.BigIntegerField())
    facts = models.JSONField(default=dict, blank=True)
    weight = models.FloatField(default=1.0)
    state = models.CharField(max_length=10, choices=CardState, default=CardState.WAITING)
    decided_by = staff_key()
    decided_at = models.DateTimeField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["week", "place"], name="review_card_one_a_place"),
            models.CheckConstraint(name="review_card_kind_in_list", condition=Q(kind__in=CardKind.values)),
            models.CheckConstraint(name="review_card_state_in_list", condition=Q(state__in=CardState.values)),
            models.CheckConstraint(
                name="review_card_flag_says_what",
                condition=Q(kind=CardKind.SAMPLE, flag="") | Q(kind=CardKind.FLAG, flag__in=FlagKind.values),
            ),
            both_or_none("review_card_decided_pair", "decided_by", "decided_at"),
            models.CheckConstraint(
                name="review_card_decided_has_time",
                condition=Q(state=CardState.WAITING, decided_at__isnull=True)
                | (~Q(state=CardState.WAITING) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"card {self.place} of the {self.week}"

    @property
    def is_asked(self) -> bool:
        """True while a question about this card waits for its answer."""
        return any(each.state == states.QuestionState.ASKED for each in self.questions.all())


class ReviewQuestion(Stepped):
    """An auditor's question to the person of a card, and the answer. The log has both texts too, as reasons."""

    subject_kind = "review_question"
    lifecycle: ClassVar[Lifecycle] = states.QUESTION

    card = models.ForeignKey(ReviewCard, on_delete=models.PROTECT, related_name="questions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_questions")
    text = models.CharField(max_length=LONGEST_TEXT)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.ASKED)
    answer = models.CharField(max_length=LONGEST_TEXT, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["asked_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="review_question_state_in_list", condition=Q(state__in=QuestionState.values)),
            models.CheckConstraint(name="review_question_asks", condition=~Q(text="")),
            models.CheckConstraint(name="review_question_of_another", condition=~Q(person=F("asked_by"))),
            models.UniqueConstraint(
                fields=["card"], name="review_question_one_open", condition=Q(state=QuestionState.ASKED)
            ),
            models.CheckConstraint(
                name="review_question_answer_pair",
                condition=Q(state=QuestionState.ANSWERED, answered_at__isnull=False) & ~Q(answer="")
                | ~Q(state=QuestionState.ANSWERED) & Q(answered_at__isnull=True, answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"question about {self.card}"


class ReviewExplanation(Stepped):
    """The mark "I want this explained" that a reviewer from outside puts on a card, and an auditor's words on it."""

    subject_kind = "review_explanation"
    lifecycle: ClassVar[Lifecycle] = states.EXPLANATION

    card = models.OneToOneField(ReviewCard, on_delete=models.PROTECT, related_name="explanation")
    wanted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    wanted_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=ExplanationState, default=ExplanationState.WANTED)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    given_by = staff_key()
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["wanted_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="review_explanation_state_in_list", condition=Q(state__in=ExplanationState.values)
            ),
            both_or_none("review_explanation_given_pair", "given_by", "given_at"),
            models.CheckConstraint(
                name="review_explanation_given_has_text",
                condition=Q(state=ExplanationState.GIVEN, given_at__isnull=False) & ~Q(text="")
                | Q(state=ExplanationState.WANTED, given_at__isnull=True, text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"explanation of {self.card}"


class ReviewFinding(Stepped):
    """A finding about a card. follow_up: who is to do what by `due_on`. outcome: the result of it."""

    subject_kind = "review_finding"
    lifecycle: ClassVar[Lifecycle] = states.FINDING

    card = models.OneToOneField(ReviewCard, on_delete=models.PROTECT, related_name="finding")
    note = models.CharField(max_length=LONGEST_TEXT)
    follow_up = models.CharField(max_length=LONGEST_FOLLOW_UP)
    due_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=FindingState, default=FindingState.OPEN)
    outcome = models.CharField(max_length=LONGEST_TEXT, blank=True)
    closed_by = staff_key()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due_on", "made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="review_finding_state_in_list", condition=Q(state__in=FindingState.values)),
            models.CheckConstraint(name="review_finding_says_what", condition=~Q(note="") & ~Q(follow_up="")),
            both_or_none("review_finding_closed_pair", "closed_by", "closed_at"),
            models.CheckConstraint(
                name="review_finding_closed_has_outcome",
                condition=Q(state=FindingState.CLOSED, closed_at__isnull=False) & ~Q(outcome="")
                | Q(state=FindingState.OPEN, closed_at__isnull=True, outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"finding about {self.card}"


class AlarmAddress(Recorded):
    """Address for the alarm about overdue reviews. The one that a second administrator approved last is in use."""

    subject_kind = "review_address"

    email = models.EmailField(_("e-mail address"), max_length=254)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = staff_key()
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_by = staff_key()
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-proposed_at"]
        constraints: ClassVar = [
            both_or_none("review_address_approved_pair", "approved_by", "approved_at"),
            both_or_none("review_address_retired_pair", "retired_by", "retired_at"),
            models.CheckConstraint(
                name="review_address_by_two", condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by"))
            ),
            models.UniqueConstraint(fields=["email"], name="review_address_once", condition=Q(retired_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.email
