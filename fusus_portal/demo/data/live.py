"""COREs in stock, on the way and at work; a live view that has ended; and an incident that is critical now."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from fusus_portal.demo.child_processes import AT_WORK, CHANNELS, core_memory
from fusus_portal.demo.data import town
from fusus_portal.demo.data.neighborhood import place_of
from fusus_portal.demo.data.story import close_for_good, open_incident
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.selectors import sharing_terms
from fusus_portal.ground.lifecycle import Stale
from integration.clips import services as clips
from integration.clips.models import Clip
from integration.cores.models import Core, CoreModel, DeviceCamera
from integration.cores.services import cameras as camera_services, cores, credentials, health
from integration.cores.services.health import Health
from integration.critical import selectors, services as critical
from integration.live.services import views
from integration.live.services.gate import ViewRefused
from integration.live.video.connection import is_safe
from integration.reference.device import Memory
from integration.sharing import services as sharing
from integration.sharing.hours import week_of
from integration.sharing.models import SharingMode
from integration.sharing.services import Wish
from registry.canvasses.models import CanvassPurpose
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.incidents.states import IncidentState
from registry.places.models import Camera
from registry.registrants.models import Registrant

SERIALS = f"{AT_WORK}\nFC4-00002\nFC4-00003"
FIRMWARE = "1.4.2"
OPENING_HOURS = [("01234", 8 * 60, 18 * 60), ("5", 9 * 60, 13 * 60)]
"""Hours of the shop: on weekdays, and shorter on Saturday."""


def connect(*, clerk: User, administrator: User, owner: Registrant, directory: Path) -> None:
    if CoreModel.objects.exists():
        return
    names = {"name": "CORE for 4 cameras", "name_es": "CORE para 4 cámaras"}
    model = cores.add_model(by=administrator, **names, cameras_supported=4)
    at_work, on_its_way, _in_stock = cores.receive(model=model, by=clerk, serials=SERIALS)
    code = set_aside(at_work, owner, clerk=clerk)
    set_aside(on_its_way, owner, clerk=clerk)
    begin_work(at_work, code, Memory.load(core_memory(directory), serial=at_work.serial))
    share(at_work, owner)


def set_aside(core: Core, owner: Registrant, *, clerk: User) -> str:
    issued = cores.allocate(core=core, by=clerk, registrant=owner, premises=place_of(owner))
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
    *always, outside_hours = connected
    for number, camera in enumerate(always):
        sharing.set_rule(camera=camera, by=owner.user, wish=Wish(SharingMode.INCIDENT, allows_glass=number == 0))
    # The shop is closed on the first day of the demo, so that a wall of four can be seen then at any hour.
    wish = Wish(SharingMode.OUTSIDE, week=week_of(OPENING_HOURS), open_days=[timezone.localdate()])
    sharing.set_rule(camera=outside_hours, by=owner.user, wish=wish)


VIEWED_NUMBER = "2026-000100"
NOWHERE = "192.0.2.1"
"""A network address for examples, which no machine has (RFC 5737)."""


def view_live(*, deputy: User, supervisor: User) -> None:
    """Add an incident with a live view that has ended, once. Needs the Valkey server of live video."""
    camera = DeviceCamera.objects.filter(removed_at__isnull=True, rule__mode=SharingMode.INCIDENT).first()
    if camera is None or not is_safe() or Incident.objects.filter(number=VIEWED_NUMBER).exists():
        return
    incident = open_incident(
        number=VIEWED_NUMBER,
        code="robbery",
        spot=town.block("20th St S", 1100),
        starts_at=timezone.now() - timedelta(hours=2),
        by=deputy,
        verified_by=supervisor,
    )
    declared = critical.declare_critical(
        incident=incident, by=supervisor, reason="Two armed men hold the clerk of a shop; the street is closed"
    )
    grant = views.start(
        incident=incident,
        camera=camera,
        by=deputy,
        reason="See which door they watch before anybody goes closer",
        network=NOWHERE,
        session=bytes(32),
    )
    views.watch(grant=grant)
    views.end(grant=grant, by=deputy)
    critical.end_declaration(declaration=declared, by=supervisor)
    close_for_good(incident, by=supervisor)
    views.notify_owners()


CLIP = timedelta(minutes=5)


def send_clip(*, deputy: User, owner: Registrant) -> None:
    """Have a deputy ask for a clip, once, and the owner order it: the CORE sends it, and it waits to be given."""
    incident = Incident.objects.filter(number__startswith=CRITICAL_NUMBERS, state=IncidentState.OPEN).last()
    camera = DeviceCamera.objects.filter(removed_at__isnull=True, rule__mode=SharingMode.INCIDENT).first()
    if incident is None or camera is None or not is_safe() or Clip.objects.exists():
        return
    try:
        asked = clips.ask(
            incident=incident,
            camera=camera,
            by=deputy,
            starts_at=incident.starts_at,
            ends_at=incident.starts_at + CLIP,
            purpose=CanvassPurpose.objects.get(name="Identify a vehicle"),
            reason="Both men came by car; find its plate and where it stopped",
        )
    except ViewRefused:
        return  # somebody who tried the demo before paused the camera
    clips.fetch(clip=asked, by=owner.user)


CRITICAL_NUMBERS = "2026-0002"
CRITICAL_REASON = "Two men with guns are in the pharmacy next door; we must see the street before anybody goes in."


def keep_critical(*, deputy: User, supervisor: User, owner: Registrant) -> None:
    """Keep one incident critical: declare the latest again, or, once its 24 hours are used up, open another."""
    critical.end_due_declarations()
    latest = (
        Incident.objects.filter(number__startswith=CRITICAL_NUMBERS, state=IncidentState.OPEN).order_by("number").last()
    )
    if latest is not None and (selectors.in_force(latest) or _is_declared(latest, supervisor)):
        return
    if latest is not None:
        incidents.close(incident=latest, by=supervisor)
    critical.declare_critical(
        incident=_begun_incident(deputy, supervisor, owner), by=supervisor, reason=CRITICAL_REASON
    )


def _begun_incident(deputy: User, supervisor: User, owner: Registrant) -> Incident:
    number = Incident.objects.filter(number__startswith=CRITICAL_NUMBERS).count() + 1
    return open_incident(
        number=f"{CRITICAL_NUMBERS}{number:02}",
        code="robbery",
        spot=town.block_at(place_of(owner).point),
        starts_at=(timezone.now() - timedelta(hours=1, minutes=1)).replace(second=0, microsecond=0),
        by=deputy,
        verified_by=supervisor,
    )


def _is_declared(incident: Incident, supervisor: User) -> bool:
    try:
        critical.declare_critical(incident=incident, by=supervisor, reason=CRITICAL_REASON)
    except Stale:
        return False
    return True
