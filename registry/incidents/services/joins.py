from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts import policies as accounts
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts as account_services
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from registry.incidents import locks as incident_locks, selectors
from registry.incidents.models import Assignment, Incident, JoinQuestion
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.services import incidents
from registry.incidents.states import JoinState
from registry.rules import JOIN_QUESTION_LIFE


def ask(*, number: str, by: User) -> JoinQuestion:
    """Ask to join the incident of a number. The effect is the same if it exists, is closed, or does not exist.

    The person's account is locked, so that simultaneous questions are counted one by one. Raises Refused by role,
    ValidationError on "number": malformed, of an incident that they see, asked about already, too many in a day.
    """
    incident_policies.may_ask(by)
    tidy = incident_policies.check_number_to_join(number)
    with transaction.atomic():
        account_services.hold_asker(by.pk)
        incident_policies.must_not_be_on(selectors.incident_by_number(by, tidy))
        incident_policies.must_be_new(selectors.own_questions(by).filter(number=tidy).exists())
        incident_policies.must_have_left(by)
        now = timezone.now()
        question = JoinQuestion.objects.create(
            number=tidy,
            incident=selectors.incident_numbered(tidy),
            asked_by=by,
            asked_at=now,
            ends_at=now + JOIN_QUESTION_LIFE,
        )
        record(
            event=Event.JOIN_ASKED,
            actor=by.actor,
            subject=question.subject,
            facts={"number": tidy},
            **question.in_log,
        )
    return question


def admit(*, question: JoinQuestion, by: User) -> JoinQuestion:
    """Admit the person who asked: they work on the incident, and are told.

    Raises Refused for a person who may not answer, and if the one who asked may no longer ask; Stale if the incident is
    closed, if somebody has answered, and if the time is over.
    """
    with transaction.atomic():
        asker = account_services.hold_asker(question.asked_by_id)
        locked, incident = _answered(question, by, JoinState.ADMITTED)
        accounts.must_have_valid_asker(asker, incident_policies.may_ask, subject=locked.subject)
        person = locked.asked_by
        _, added = Assignment.objects.get_or_create(incident=incident, user=person, defaults={"assigned_by": by})
        if added:
            incidents.note(Event.INCIDENT_ASSIGNED, incident, by.actor, person=str(person.pk))
        notifications.send(
            kind=MessageKind.INCIDENT_JOINED, to=person, about=locked.subject, context={"incident": str(incident.pk)}
        )
    return locked


def decline(*, question: JoinQuestion, by: User) -> JoinQuestion:
    """Decline a question to join. The person who asked is not told: it looks like no answer. Raises as `admit`."""
    with transaction.atomic():
        return _answered(question, by, JoinState.DECLINED)[0]


def _answered(question: JoinQuestion, by: User, target: JoinState) -> tuple[JoinQuestion, Incident]:
    incident = incident_locks.incident(question.incident_id)  # type: ignore[arg-type]  # found by its incident
    incident_policies.must_be_open(incident)
    locked = incident_locks.join_question(question.pk)
    incident_policies.may_answer(by, locked, incident)
    steps.check(locked, target, by)
    incident_policies.must_have_time(locked)
    locked.answered_by, locked.answered_at = by, timezone.now()
    return steps.take(locked, target, by), incident
