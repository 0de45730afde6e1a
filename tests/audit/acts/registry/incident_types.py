"""Acts of administrators on the list of crimes and emergencies."""

from audit.log.events import Event
from registry.incidents.models import IncidentType
from registry.incidents.services import types
from tests.audit.acts import Act, calls
from tests.factories import incident_at, person


@calls(types.add, Event.INCIDENT_TYPE_ADDED)
def add() -> Act:
    """A crime is added."""
    by = person("administrator")
    return lambda: types.add(
        name="Carjacking", name_es="Robo de auto con violencia", emergency=False, retention=None, by=by
    )


@calls(types.change, Event.INCIDENT_TYPE_CHANGED)
def change() -> Act:
    """A crime is renamed."""
    by, burglary = person("administrator"), IncidentType.objects.get(code="burglary")
    return lambda: types.change(
        incident_type=burglary,
        name="Break-in",
        name_es="Robo en un edificio",
        emergency=False,
        retention=None,
        by=by,
    )


@calls(types.retire, Event.INCIDENT_TYPE_RETIRED)
def retire() -> Act:
    """A crime that some incident has is taken off."""
    by, incident = person("administrator"), incident_at()
    return lambda: types.retire(incident_type=incident.type, by=by)


@calls(types.restore, Event.INCIDENT_TYPE_RESTORED)
def restore() -> Act:
    """It is put back."""
    by, incident = person("administrator"), incident_at()
    types.retire(incident_type=incident.type, by=by)
    retired = IncidentType.objects.get(pk=incident.type_id)
    return lambda: types.restore(incident_type=retired, by=by)


@calls(types.set_number_format, Event.NUMBER_FORMAT_CHANGED)
def set_number_format() -> Act:
    """Numbers are written otherwise."""
    by = person("administrator")
    return lambda: types.set_number_format(pattern="[SAN]-YY-NNNN", by=by)
