"""Acts of residents and businesses on what is theirs."""

from audit.events import Event
from registry.services import cameras, premises, registrants
from registry.services.cameras import CameraDetails
from tests.audit.acts import Act, calls
from tests.factories import LINN_PARK, camera_at, north_of, person, place_at, registrant_at


@calls(registrants.register, Event.REGISTRANT_REGISTERED)
def register() -> Act:
    """A resident joins with one place and one camera."""
    by, details = person(), [CameraDetails(name="Front door")]
    return lambda: registrants.register(
        by=by,
        kind="person",
        name="Ana Rivera",
        phone="205-555-0117",
        language="es",
        place=place_at(LINN_PARK),
        cameras=details,
    )


@calls(registrants.change, Event.REGISTRANT_CHANGED)
def change_registrant() -> Act:
    """A phone number changes."""
    registrant = registrant_at()
    return lambda: registrants.change(
        registrant=registrant,
        by=registrant.user,
        kind=registrant.kind,
        name=registrant.name,
        phone="205-555-0199",
        language=registrant.language,
    )


@calls(premises.add, Event.PREMISES_ADDED)
def add_place() -> Act:
    """A second place."""
    registrant, place = registrant_at(), place_at(north_of(LINN_PARK, 400))
    return lambda: premises.add(registrant=registrant, by=registrant.user, place=place)


@calls(premises.place, Event.PREMISES_PLACED)
def move_pin() -> Act:
    """A pin moves by some steps."""
    camera = camera_at()
    owner, pin = camera.premises.registrant.user, north_of(LINN_PARK, 20)
    return lambda: premises.place(premises=camera.premises, by=owner, pin=pin)


@calls(cameras.add, Event.CAMERA_ADDED)
def add_camera() -> Act:
    """A second camera."""
    camera = camera_at()
    owner, details = camera.premises.registrant.user, CameraDetails(name="Garage")
    return lambda: cameras.add(premises=camera.premises, by=owner, details=details)


@calls(cameras.change, Event.CAMERA_CHANGED)
def change_camera() -> Act:
    """A camera gets another name."""
    camera = camera_at()
    owner, details = camera.premises.registrant.user, CameraDetails(name="Back door")
    return lambda: cameras.change(camera=camera, by=owner, details=details)


@calls(cameras.remove, Event.CAMERA_REMOVED)
def remove_camera() -> Act:
    """A camera leaves the registry."""
    camera = camera_at()
    return lambda: cameras.remove(camera=camera, by=camera.premises.registrant.user)
