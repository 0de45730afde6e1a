"""COREs: in stock, on its way, and at work at the hardware store. `make run` runs that one, with test pictures."""

from pathlib import Path

from fusus_portal.demo.core_process import AT_WORK, CHANNELS, memory_in
from fusus_portal.demo.data.neighborhood import place_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.selectors import sharing_terms
from integration.cores.models import Core, CoreModel
from integration.cores.services import cameras as camera_services
from integration.cores.services import cores, credentials, health
from integration.cores.services.health import Health
from integration.reference.device import Memory
from integration.sharing import services as sharing
from integration.sharing.services import Wish
from registry.people.models import Registrant
from registry.places.models import Camera

SERIALS = f"{AT_WORK}\nFC4-00002\nFC4-00003"
FIRMWARE = "1.4.2"


def connect(*, clerk: User, administrator: User, owner: Registrant, directory: Path) -> None:
    if CoreModel.objects.exists():
        return
    names = {"name": "CORE for 4 cameras", "name_es": "CORE para 4 cámaras"}
    model = cores.add_model(by=administrator, **names, cameras_supported=4)
    at_work, on_its_way, _in_stock = cores.receive(model=model, by=clerk, serials=SERIALS)
    code = set_aside(at_work, owner, clerk=clerk)
    set_aside(on_its_way, owner, clerk=clerk)
    begin_work(at_work, code, Memory.load(memory_in(directory), serial=at_work.serial))
    share(at_work, owner)


def set_aside(core: Core, owner: Registrant, *, clerk: User) -> str:
    place = place_of(owner)
    issued = cores.allocate(core=core, by=clerk, registrant=owner, premises=place)
    cores.ship(core=issued.core, by=clerk)
    return issued.code


def begin_work(core: Core, code: str, memory: Memory) -> None:
    active, memory.token = credentials.activate(serial=core.serial, code=code, key=memory.public_key, firmware=FIRMWARE)
    memory.save()
    running = dict.fromkeys(CHANNELS, "running")
    healthy = Health(FIRMWARE, clock_drift_ms=12, disk_free=51 * 10**9, disk_size=64 * 10**9, channels=running)
    health.report(core=active, health=healthy)


def share(core: Core, owner: Registrant) -> None:
    core.refresh_from_db()
    cameras = Camera.objects.registered().filter(premises=core.premises).order_by("added_at", "pk")
    connected = [
        camera_services.connect(core=core, camera=camera, channel=channel, by=owner.user)
        for camera, channel in zip(cameras, CHANNELS, strict=False)
    ]
    terms = sharing_terms().pk
    sharing.sign_agreement(registrant=owner, by=owner.user, document=terms, signer="Carla Reyes", title="Owner")
    for camera in connected[:1]:
        sharing.set_rule(camera=camera, by=owner.user, wish=Wish("incident", allows_glass=True))
