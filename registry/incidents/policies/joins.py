from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.lookup.finders import Typed
from registry.incidents.models import Incident, JoinQuestion
from registry.incidents.policies import incidents
from registry.rules import JOIN_QUESTIONS_A_DAY


def check_number(number: str) -> str:
    """Return the number as the agency writes it. Raises ValidationError on "number" for another form."""
    return incidents.check_form_of_number(incidents.number_meant(Typed(number)) or number)


def may_ask(by: User) -> None:
    demand(by, Permission.ASK_TO_JOIN)


def must_not_be_on(seen: Incident | None) -> None:
    """Raise ValidationError on "number" for an incident that the person sees already."""
    if seen is not None:
        raise ValidationError({"number": _("You work on this incident already: %(number)s.") % {"number": seen.number}})


def must_be_new(waits: bool) -> None:
    """Raise ValidationError on "number" while the person's earlier question about this number waits."""
    if waits:
        raise ValidationError({"number": _("You have asked about this number already.")})


def must_have_left(asked: int) -> None:
    """Raise ValidationError on "number" if the person has asked as often as a day allows."""
    if asked >= JOIN_QUESTIONS_A_DAY:
        sentence = _("You have asked %(number)d times in a day, which is all. A supervisor can assign you.")
        raise ValidationError({"number": sentence % {"number": JOIN_QUESTIONS_A_DAY}})


def may_answer(by: User, question: JoinQuestion, incident: Incident) -> None:
    """Raise Refused unless the person works on the incident and did not ask.

    Before verification only a supervisor who did not open the incident answers: its opener must not choose alone who
    else counts as working on it.
    """
    demand(by, Permission.OPEN_INCIDENT, subject=incident.subject)
    if by.pk == question.asked_by_id:
        raise Refused(_("Somebody else answers your question."), subject=incident.subject)
    if incident.is_verified:
        return incidents.may_see(by, incident)
    if not has(by.role, Permission.VERIFY_INCIDENT) or by.pk == incident.opened_by_id:
        raise Refused(
            _("Before the incident is verified, a supervisor answers who did not open it."), subject=incident.subject
        )
    return None


def must_have_time(question: JoinQuestion) -> None:
    if question.ends_at <= timezone.now():
        raise Stale(_("This question has ended. The person who asked can ask again."), subject=question.subject)
