"""Acts about COREs and the cameras behind them."""

from datetime import timedelta

from django.utils import timezone

from audit.log.events import Event
from integration.cores.models import Core
from integration.cores.services import cameras, cores, credentials, health
from integration.live.services import snapshots
from registry.places.models import Camera, Premises
from tests.audit.acts import NO_ENTRY, Act, calls, name_of
from tests.factories import person
from tests.integration.cores.devices import (
    CERTIFICATE,
    CHANNELS,
    FIRMWARE,
    allocated,
    business_at,
    core_at,
    core_model,
    device_camera_at,
    fresh_serial,
    health_of,
    in_stock,
    owner_of,
    public_key,
    second_shop,
)

ITS_OWNER_S = "what is wrong with a camera is its owner's alone, and auditors read the log"
NO_ENTRY.update({name_of(health.note_problems): ITS_OWNER_S})


@calls(cores.add_model, Event.CORE_MODEL_ADDED)
def add_model() -> Act:
    """An administrator adds a kind of CORE."""
    by = person("administrator")
    return lambda: cores.add_model(by=by, name="CORE of eight", name_es="CORE de ocho", cameras_supported=8)


@calls(cores.change_model, Event.CORE_MODEL_CHANGED)
def change_model() -> Act:
    """It connects more cameras now."""
    by, model = person("administrator"), core_model()
    return lambda: cores.change_model(model=model, by=by, name=model.name, cameras_supported=9)


@calls(cores.retire_model, Event.CORE_MODEL_RETIRED)
def retire_model() -> Act:
    """None of it is received any more."""
    by, model = person("administrator"), core_model()
    return lambda: cores.retire_model(model=model, by=by)


@calls(cores.receive, Event.CORE_RECEIVED)
def receive() -> Act:
    """A clerk receives two."""
    by, model, serials = person("clerk"), core_model(), f"{fresh_serial()}\n{fresh_serial()}"
    return lambda: cores.receive(model=model, by=by, serials=serials)


@calls(cores.allocate, Event.CORE_ALLOCATED)
def allocate() -> Act:
    """A clerk sets one aside for a business."""
    by, core, owner = person("clerk"), in_stock(), business_at()
    place = Premises.objects.get(registrant=owner)
    return lambda: cores.allocate(core=core, by=by, registrant=owner, premises=place)


@calls(cores.take_back, Event.CORE_TAKEN_BACK)
def take_back() -> Act:
    """It was set aside by mistake."""
    by, core = person("clerk"), core_at("allocated")
    return lambda: cores.take_back(core=core, by=by)


@calls(cores.issue_code, Event.CORE_CODE_ISSUED)
def issue_code() -> Act:
    """The business lost its code."""
    by, core = person("clerk"), core_at("shipped")
    return lambda: cores.issue_code(core=core, by=by)


@calls(cores.ship, Event.CORE_SHIPPED)
def ship() -> Act:
    """It goes on its way."""
    by, core = person("clerk"), core_at("allocated")
    return lambda: cores.ship(core=core, by=by)


@calls(credentials.activate, Event.CORE_ACTIVATED)
def activate() -> Act:
    """Somebody types the code into it."""
    device = allocated()
    return lambda: credentials.activate(
        serial=device.core.serial, code=device.code, key=public_key(device.key), firmware=FIRMWARE
    )


@calls(cores.suspend, Event.CORE_SUSPENDED)
def suspend() -> Act:
    """A clerk suspends one with a camera behind it."""
    by, core = person("clerk"), device_camera_at().core
    return lambda: cores.suspend(core=core, by=by)


@calls(cores.resume, Event.CORE_RESUMED)
def resume() -> Act:
    """It may work again."""
    by, core = person("clerk"), core_at("suspended")
    return lambda: cores.resume(core=core, by=by)


@calls(cores.begin_return, Event.CORE_RETURNING)
def begin_return() -> Act:
    """Its owner has had enough of it."""
    core = device_camera_at().core
    by = owner_of(core)
    return lambda: cores.begin_return(core=core, by=by)


@calls(cores.wipe, Event.CORE_WIPED)
def wipe() -> Act:
    """It came back and was wiped."""
    by, core = person("clerk"), core_at("returning")
    return lambda: cores.wipe(core=core, by=by, certificate=CERTIFICATE)


@calls(cores.restock, Event.CORE_RESTOCKED)
def restock() -> Act:
    """It is as good as new."""
    by, core = person("clerk"), core_at("wiped")
    return lambda: cores.restock(core=core, by=by)


@calls(cores.retire, Event.CORE_RETIRED)
def retire() -> Act:
    """It is not."""
    by, core = person("clerk"), core_at("wiped")
    return lambda: cores.retire(core=core, by=by)


@calls(cores.replace, Event.CORE_REPLACED)
def replace() -> Act:
    """One that broke is replaced."""
    by, old, new = person("clerk"), device_camera_at().core, in_stock()
    return lambda: cores.replace(old=old, new=new, by=by)


@calls(credentials.revoke_tokens, Event.CORE_TOKENS_REVOKED)
def revoke() -> Act:
    """Its token may have been copied."""
    by, core = person("clerk"), core_at("active")
    return lambda: credentials.revoke_tokens(core=core, by=by)


@calls(cameras.connect, Event.DEVICE_CAMERA_CONNECTED)
def connect() -> Act:
    """A business connects a camera."""
    core = core_at("active")
    camera, by = Camera.objects.get(premises=core.premises), owner_of(core)
    return lambda: cameras.connect(core=core, camera=camera, channel="front", by=by)


@calls(cameras.disconnect, Event.DEVICE_CAMERA_DISCONNECTED)
def disconnect() -> Act:
    """And disconnects it."""
    behind = device_camera_at()
    by = owner_of(behind.core)
    return lambda: cameras.disconnect(behind=behind, by=by)


@calls(cores.place, Event.CORE_PLACED)
def place() -> Act:
    """Its owner has carried it to another shop."""
    behind = device_camera_at()
    by, elsewhere = owner_of(behind.core), second_shop(behind.core)
    return lambda: cores.place(core=behind.core, by=by, premises=elsewhere)


@calls(snapshots.take, Event.SNAPSHOT_TAKEN)
def take_snapshot() -> Act:
    """Its owner looks what a camera shows now."""
    behind = device_camera_at()
    by = owner_of(behind.core)
    return lambda: snapshots.take(behind=behind, by=by)


def silent() -> Core:
    """Return an active CORE that was not heard of for a while."""
    core = core_at("active")
    Core.objects.filter(pk=core.pk).update(seen_at=timezone.now() - timedelta(minutes=16))
    return core


@calls(health.watch, Event.CORE_OFFLINE)
def watch() -> Act:
    """It is found to be offline."""
    silent()
    return health.watch


@calls(health.heard_of, Event.CORE_ONLINE)
def heard_of() -> Act:
    """It polls again."""
    core = silent()
    health.watch()
    core.refresh_from_db()
    return lambda: health.heard_of(core=core)


@calls(health.report, Event.CORE_ONLINE)
def report() -> Act:
    """It reports again."""
    core = silent()
    health.watch()
    return lambda: health.report(core=core, health=health_of(CHANNELS))
