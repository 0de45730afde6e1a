"""Acts on notices on a device."""

from audit.log.events import Event
from fusus_portal.ground.push import services as push
from tests.audit.acts import Act, calls
from tests.factories import person
from tests.peers.push import Device
from tests.people import sign_in
from tests.push.devices import key_of

ENDPOINT = "https://fcm.googleapis.com/wp/abc"


@calls(push.turn_on_notices, Event.PUSH_TURNED_ON)
def turn_on() -> Act:
    """A deputy turns them on."""
    deputy = person("deputy")
    session, said = key_of(sign_in(deputy)), Device(ENDPOINT, "").said
    return lambda: push.turn_on_notices(session=session, by=deputy, **said)


@calls(push.turn_off_notices, Event.PUSH_TURNED_OFF)
def turn_off() -> Act:
    """The deputy turns them off."""
    deputy = person("deputy")
    session = key_of(sign_in(deputy))
    push.turn_on_notices(session=session, by=deputy, **Device(ENDPOINT, "").said)
    return lambda: push.turn_off_notices(session=session, by=deputy)
