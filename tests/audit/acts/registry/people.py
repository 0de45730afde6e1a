"""Acts of residents and businesses on what is theirs."""

from audit.log.events import Event
from fusus_portal.ground.streets.services import NewAddress
from registry.people.services import registrants
from registry.places.models import Premises
from registry.places.services import cameras, premises
from registry.places.services.cameras import CameraDetails
from tests.audit.acts import Act, calls
from tests.factories import CAPITOL, LINN_PARK, camera_at, north_of, person, place_at, registrant_at, request_at
from tests.registry.footage.footage import begun, given, sent, video
from tests.registry.places.snapshots import picture
from tests.streets import uploads


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


@calls(registrants.export, Event.REGISTRANT_EXPORTED)
def export() -> Act:
    """Somebody takes a copy of their data."""
    registrant = registrant_at()
    return lambda: registrants.export(registrant=registrant, by=registrant.user)


@calls(registrants.leave, Event.REGISTRANT_LEFT)
def leave() -> Act:
    """Somebody leaves who gave one file, is sending another, and has not answered a second request."""
    given_and_begun = request_at("footage")
    registrant = given_and_begun.registrant
    assert registrant is not None
    given(given_and_begun)
    sent(begun(given_and_begun), video()[:100])
    request_at("sent", registrant=registrant)
    return lambda: registrants.leave(registrant=registrant, by=registrant.user)


@calls(registrants.close_account, Event.ACCOUNT_CLOSED)
def close() -> Act:
    """Somebody who has begun to register and not finished closes the account."""
    by = person()
    registrants.keep_draft(by=by, step="you", typed={"name": "Ana Rivera"})
    return lambda: registrants.close_account(by=by)


@calls(premises.add, Event.PREMISES_ADDED)
def add_place() -> Act:
    """A second place."""
    registrant, place = registrant_at(), place_at(north_of(LINN_PARK, 400), address=CAPITOL)
    return lambda: premises.add(registrant=registrant, by=registrant.user, place=place)


@calls(premises.move_pin, Event.PREMISES_PLACED)
def move_pin() -> Act:
    """A pin moves by some steps."""
    camera = camera_at()
    owner, pin = camera.premises.registrant.user, north_of(LINN_PARK, 20)
    return lambda: premises.move_pin(premises=camera.premises, by=owner, pin=pin)


@calls(premises.describe, Event.PREMISES_CHANGED)
def name_place() -> Act:
    """A place gets a name."""
    camera = camera_at()
    owner = camera.premises.registrant.user
    return lambda: premises.describe(premises=camera.premises, by=owner, kind="other", name="The barn")


@calls(premises.remove, Event.PREMISES_REMOVED)
def remove_place() -> Act:
    """A place goes with its camera, while a request about it waits."""
    registrant = registrant_at()
    request_at("sent", registrant=registrant)
    place = registrant.premises.get()
    return lambda: premises.remove(premises=place, by=registrant.user)


def missing_place() -> Premises:
    """Return a place whose address the county's data lacks."""
    uploads.current()
    return camera_at().premises


@calls(premises.read_unlisted, Event.PREMISES_READ)
def read_missing_address() -> Act:
    """An address that the county's data lacks."""
    place, by = missing_place(), person("administrator")
    return lambda: premises.read_unlisted(premises=place, by=by)


@calls(premises.add_unlisted, Event.PREMISES_KNOWN)
def add_missing_address() -> Act:
    """The same, added to the data."""
    place, by = missing_place(), person("administrator")
    address = NewAddress(place.street, place.city, place.zip_code, place.point)
    return lambda: premises.add_unlisted(premises=place, by=by, address=address)


@calls(premises.accept_unlisted, Event.PREMISES_KNOWN)
def accept_missing_address() -> Act:
    """The same, which is right."""
    place, by = missing_place(), person("administrator")
    return lambda: premises.accept_unlisted(premises=place, by=by)


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


@calls(cameras.pause, Event.CAMERA_PAUSED)
def pause() -> Act:
    """A camera is paused."""
    camera = camera_at()
    return lambda: cameras.pause(camera=camera, by=camera.premises.registrant.user)


@calls(cameras.resume, Event.CAMERA_RESUMED)
def resume() -> Act:
    """The pause of a camera ends."""
    camera = camera_at()
    owner = camera.premises.registrant.user
    cameras.pause(camera=camera, by=owner)
    return lambda: cameras.resume(camera=camera, by=owner)


@calls(cameras.pause_all, Event.CAMERA_PAUSED)
def pause_all() -> Act:
    """Two cameras are paused by one switch."""
    registrant = registrant_at(cameras=2)
    return lambda: cameras.pause_all(registrant=registrant, by=registrant.user)


@calls(cameras.resume_all, Event.CAMERA_RESUMED)
def resume_all() -> Act:
    """The same switch, back."""
    registrant = registrant_at(cameras=2)
    cameras.pause_all(registrant=registrant, by=registrant.user)
    return lambda: cameras.resume_all(registrant=registrant, by=registrant.user)


@calls(cameras.keep_snapshot, Event.SNAPSHOT_KEPT)
def keep_picture() -> Act:
    """A camera gets a picture of what it sees."""
    camera = camera_at()
    return lambda: cameras.keep_snapshot(camera=camera, by=camera.premises.registrant.user, upload=picture())


@calls(cameras.remove_snapshot, Event.SNAPSHOT_REMOVED)
def remove_picture() -> Act:
    """The picture is deleted."""
    camera = camera_at()
    owner = camera.premises.registrant.user
    cameras.keep_snapshot(camera=camera, by=owner, upload=picture())
    return lambda: cameras.remove_snapshot(camera=camera, by=owner)
