from uuid import UUID

from django.db.models import CharField, Count, F, Func, Prefetch, Q, QuerySet, Value
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import entries_about
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, find_or_refuse
from fusus_portal.ground.lookup.finders import Typed
from integration.cores.models import CameraProblem, Core, CoreModel, DeviceCamera
from integration.cores.states import SOMEBODYS, CoreState
from registry.places.models import Camera, Premises, PremisesKind
from registry.registrants.models import Registrant

STORY = tuple(event for event in Event if event.value.startswith("integration:core:"))
LONGEST_STORY = 200
LONGEST_SERIAL = 40

IS_OFFLINE = Q(state=CoreState.ACTIVE, told_offline_at__isnull=False)
CAMERA_RELATIONS = ("core", "camera__premises", "rule")
"""Rows to select with each camera that the view gate judges."""


def models() -> QuerySet[CoreModel]:
    return CoreModel.objects.annotate(number=Count("cores")).order_by("retired_at", "name")


def current_models() -> QuerySet[CoreModel]:
    return CoreModel.objects.filter(retired_at__isnull=True).order_by("name")


def model(pk: UUID) -> CoreModel:
    rows = CoreModel.objects.filter(pk=pk)
    return find_or_refuse(rows, _("There is no such kind of CORE."), subject=("core_model", str(pk)))


def counts() -> dict[str, int]:
    counted = Core.objects.values_list("state").annotate(number=Count("pk"))
    return dict.fromkeys(CoreState.values, 0) | {str(state): number for state, number in counted}


def listed(text: str = "") -> QuerySet[Core]:
    """Return COREs for the clerks' list. text: part of a serial number or of a business's name, or its reference."""
    rows = Core.objects.select_related("model", "registrant").order_by("state", "serial")
    named = Q(registrant__name__icontains=text) | Q(registrant__reference__iexact=text)
    return rows.filter(Q(serial__icontains=text) | named) if text else rows


def one(pk: UUID) -> Core:
    return find_or_refuse(_whole(Core.objects.filter(pk=pk)), _("There is no such CORE."), subject=("core", str(pk)))


def story(core: Core) -> list[AuditEntry]:
    return list(entries_about([core.subject], STORY).order_by("-id")[:LONGEST_STORY])


def by_serial(serial: str) -> Core | None:
    return Core.objects.select_related("model").filter(serial=serial.strip().upper()).first()


def scanned(text: str) -> Core | None:
    """Return the one CORE that a scan or typed text means. A barcode's prefix, dashes and O for 0 do not matter."""
    exact = by_serial(Typed(text).tidy)
    if exact is not None:
        return exact
    alike = looking_like(Typed(text)).select_related("model")[:2]
    return alike[0] if len(alike) == 1 else None


def serial_in(text: str) -> str:
    """Return the serial number of the CORE that a scan or typed text means, or the text if it means no one CORE."""
    core = scanned(text)
    return core.serial if core is not None else Typed(text).tidy[:LONGEST_SERIAL]


def looking_like(typed: Typed) -> QuerySet[Core]:
    """Return the COREs with the typed serial number; dashes and O for 0 do not matter. Reads the whole, small table."""
    read = Func(F("serial"), Value("OIL-"), Value("011"), function="translate", output_field=CharField())
    return Core.objects.alias(read=read).filter(read=typed.digits).order_by("serial")


def own(by: User) -> QuerySet[Core]:
    rows = _whole(Core.objects.filter(registrant__user=by, state__in=SOMEBODYS)).order_by("received_at", "serial")
    # Only here: owners see problems, clerks don't.
    now = CameraProblem.objects.filter(ended_at__isnull=True).order_by("kind")
    return rows.prefetch_related(Prefetch("cameras__problems", queryset=now))


def own_one(by: User, pk: UUID) -> Core:
    return find_or_refuse(own(by).filter(pk=pk), _("There is no such CORE."), subject=("core", str(pk)))


def own_behind(by: User, core: UUID, pk: UUID) -> DeviceCamera:
    own_rows = DeviceCamera.objects.filter(core__registrant__user=by, camera__premises__registrant__user=by)
    rows = own_rows.select_related("camera", "core").filter(pk=pk, core=core)
    return find_or_refuse(rows, _("There is no such camera."), subject=("device_camera", str(pk)))


def own_connected(by: User, core: UUID, pk: UUID) -> DeviceCamera:
    found = own_behind(by, core, pk)
    if found.removed_at is not None:
        raise NotYours(_("There is no such camera."), subject=found.subject)
    return found


def behind(core: Core) -> QuerySet[DeviceCamera]:
    rows = DeviceCamera.objects.filter(core=core, removed_at__isnull=True).select_related("camera")
    return rows.order_by("channel")


def to_connect(core: Core) -> QuerySet[Camera]:
    connected = DeviceCamera.objects.filter(removed_at__isnull=True).values("camera")
    rows = Camera.objects.registered().filter(premises=core.premises_id).exclude(pk__in=connected)
    return rows.order_by("name", "pk")


def free_channels(core: Core) -> list[str]:
    used = set(behind(core).values_list("channel", flat=True))
    return sorted(set(core.channels) - used)


def business(reference: str) -> Registrant | None:
    return Registrant.objects.filter(reference=reference.strip().upper()).first()


def places_of(registrant: Registrant) -> QuerySet[Premises]:
    return Premises.objects.registered().filter(registrant=registrant).order_by("added_at", "pk")


def other_places(core: Core) -> QuerySet[Premises]:
    rows = Premises.objects.registered().filter(registrant=core.registrant_id).exclude(kind=PremisesKind.HOME)
    if core.premises_id is not None:
        rows = rows.exclude(pk=core.premises_id)
    return rows.order_by("added_at", "pk")


def _whole(rows: QuerySet[Core]) -> QuerySet[Core]:
    connected = DeviceCamera.objects.filter(removed_at__isnull=True).select_related("camera").order_by("channel")
    return rows.select_related("model", "registrant__user", "premises", "replaces", "replaced_by").prefetch_related(
        Prefetch("cameras", queryset=connected)
    )
