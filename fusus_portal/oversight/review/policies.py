from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.oversight.review.models import AlarmAddress, ReviewCard, ReviewQuestion, ReviewWeek
from fusus_portal.oversight.review.states import QuestionState, WeekState

FEWEST_LETTERS = 10
LONGEST_FOLLOW_UP_TIME = timedelta(days=366)


def may_review(by: User, card: ReviewCard, *, took_part: bool, had_another_role: bool, permission: Permission) -> None:
    """Raise Refused unless a person has the permission, took no part in the card, and had no other role meanwhile."""
    demand(by, permission, subject=card.subject)
    if had_another_role:
        sentence = _("You had another role in this week or since, so somebody else must review it.")
        raise Refused(sentence, subject=card.subject)
    if took_part:
        sentence = _("You took part in what this card is about, so somebody else must review it.")
        raise Refused(sentence, subject=card.subject)


def may_see(by: User, card: ReviewCard, *, in_open_incident: bool) -> None:
    """Raise Refused for a card about an open incident if a reviewer from outside asks, and without the permission."""
    demand(by, Permission.REVIEW, subject=card.subject)
    if in_open_incident and by.role not in Permission.AUDIT.roles:
        sentence = _("This card has to do with an incident that is open. You can read it once that is closed.")
        raise Refused(sentence, subject=card.subject)


def must_have_looked(card: ReviewCard, *, has_looked: bool) -> None:
    """Raise Stale if the person has never opened the card: a review is no box to tick."""
    if not has_looked:
        raise Stale(_("Open the card first, and look at what it shows."), subject=card.subject)


def must_be_unmarked(card: ReviewCard) -> None:
    if hasattr(card, "explanation"):
        raise Stale(_("This card is marked already."), subject=card.subject)


def must_be_unsigned(week: ReviewWeek) -> None:
    if week.state == WeekState.SIGNED:
        raise Stale(_("This week is signed, and stays as it is."), subject=week.subject)


def must_be_done(week: ReviewWeek, *, waiting: int) -> None:
    if waiting:
        raise Stale(_("A week is signed when each of its cards is done."), subject=week.subject)


def may_sign(by: User, week: ReviewWeek, *, had_another_role: bool) -> None:
    demand(by, Permission.AUDIT, subject=week.subject)
    must_have_one_role(week, had_another_role=had_another_role)


def must_have_one_role(week: ReviewWeek, *, had_another_role: bool) -> None:
    if had_another_role:
        sentence = _("You had another role in this week or since, so somebody else must sign it.")
        raise Refused(sentence, subject=week.subject)


def must_be_askable(card: ReviewCard) -> User:
    """Return the person that a card's question goes to. Raises Stale if nobody could answer."""
    person = card.account
    if person is None or not person.is_active or person.role not in Permission.ANSWER_QUESTIONS.roles:
        raise Stale(_("Nobody can be asked about this card: the person does not work here now."), subject=card.subject)
    return person


def must_have_none_open(card: ReviewCard) -> None:
    if card.questions.filter(state=QuestionState.ASKED).exists():
        raise Stale(_("A question about this card waits for its answer."), subject=card.subject)


def may_answer(by: User, question: ReviewQuestion) -> None:
    demand(by, Permission.ANSWER_QUESTIONS, subject=question.subject)
    if question.person_id != by.pk:
        raise Refused(_("Somebody else was asked this."), subject=question.subject)


def check_text(text: str, *, field: str) -> str:
    """Return the typed text, stripped. Raises ValidationError on the field if it is no sentence."""
    stripped = text.strip()
    if len(stripped) < FEWEST_LETTERS or len(set(stripped.lower())) < FEWEST_LETTERS // 2:
        raise ValidationError({field: _("Write a sentence that somebody else understands.")})
    return stripped


def check_due(day: date) -> date:
    """Return the day of a follow-up. Raises ValidationError on "due_on" for a past day, or one beyond a year."""
    today = timezone.localdate()
    if day < today:
        raise ValidationError({"due_on": _("Choose today or a later day.")})
    if day > today + LONGEST_FOLLOW_UP_TIME:
        raise ValidationError({"due_on": _("Choose a day within a year.")})
    return day


def may_approve_address(by: User, address: AlarmAddress) -> None:
    """Raise Refused unless an administrator other than the proposer approves; Stale if the address is decided."""
    demand(by, Permission.ADMINISTER, subject=address.subject)
    if by.pk == address.proposed_by_id:
        raise Refused(_("Another administrator approves an address that you proposed."), subject=address.subject)
    must_be_undecided(address)


def must_be_undecided(address: AlarmAddress) -> None:
    if address.approved_at is not None or address.retired_at is not None:
        raise Stale(_("This address was decided on already."), subject=address.subject)
