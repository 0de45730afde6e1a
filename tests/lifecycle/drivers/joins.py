"""Steps of questions to join an incident."""

from collections.abc import Callable

from fusus_portal.ground.accounts.models import User
from registry.incidents.models import Incident, JoinQuestion
from registry.incidents.services import incidents, joins
from registry.incidents.states import JOIN, JoinState
from tests.factories import incident_at, person
from tests.lifecycle.drivers import AGENCY, Taken, drives, take


def asked(incident: Incident | None = None, *, by: User | None = None) -> JoinQuestion:
    """Return the question of a deputy."""
    return joins.ask(number=(incident or incident_at()).number, by=by or person("deputy"))


def colleague(role: str, question: JoinQuestion) -> User:
    """Return somebody who works on the incident."""
    found = person(role)
    assert question.incident is not None
    incidents.assign(incident=question.incident, user=found, by=person("supervisor"))
    return found


def _answered(role: str, answer: Callable[..., JoinQuestion]) -> Taken:
    question = asked()
    by = colleague(role, question)
    return take(question, lambda: answer(question=question, by=by))


@drives(JOIN, JoinState.ASKED, JoinState.ADMITTED, *AGENCY)
def admit(role: str) -> Taken:
    """Somebody on the incident says yes."""
    return _answered(role, joins.admit)


@drives(JOIN, JoinState.ASKED, JoinState.DECLINED, *AGENCY)
def decline(role: str) -> Taken:
    """Somebody on the incident says no."""
    return _answered(role, joins.decline)
