"""Acts on questions to join an incident."""

from audit.log.events import Event
from registry.incidents.services import joins
from tests.audit.acts import Act, calls
from tests.factories import incident_at, person
from tests.lifecycle.drivers.joins import asked, colleague


@calls(joins.ask, Event.JOIN_ASKED)
def ask_to_join() -> Act:
    """A deputy asks by a number."""
    number, by = incident_at().number, person("deputy")
    return lambda: joins.ask(number=number, by=by)


@calls(joins.admit, Event.JOIN_ADMITTED)
def admit() -> Act:
    """A colleague says yes."""
    question = asked()
    by = colleague("deputy", question)
    return lambda: joins.admit(question=question, by=by)


@calls(joins.decline, Event.JOIN_DECLINED)
def decline() -> Act:
    """A colleague says no."""
    question = asked()
    by = colleague("deputy", question)
    return lambda: joins.decline(question=question, by=by)
