"""Agreements and rules, made by the real services."""

from fusus_portal.ground.agency.selectors import sharing_terms
from integration.cores.models import DeviceCamera
from integration.sharing import services
from integration.sharing.models import TIMED, SharingAgreement, SharingRule
from integration.sharing.services import Wish
from registry.registrants.models import Registrant
from tests.integration.cores.devices import core_at, device_camera_at

OFFICE_HOURS = [[[480, 1080]], [[480, 1080]], [[480, 1080]], [[480, 1080]], [[1320, 1800]], [], []]
"""From 8:00 to 18:00; on Friday from 22:00 to 6:00 on Saturday."""


def owner_of(camera: DeviceCamera) -> Registrant:
    """Return whose camera it is."""
    return camera.camera.premises.registrant


def connected(registrant: Registrant | None = None, *, mode: str = "") -> DeviceCamera:
    """Return a camera behind an active CORE. mode: of its rule; none is set without one."""
    camera = device_camera_at(core_at("active", registrant=registrant))
    camera = DeviceCamera.objects.select_related("camera__premises__registrant__user").get(pk=camera.pk)
    if mode:
        set_mode(camera, mode)
    return camera


def set_mode(camera: DeviceCamera, mode: str, *, glass: bool = False) -> SharingRule:
    """Set a camera's rule as its owner does. glass: broken glass shows it, too; what was signed must name that."""
    wish = Wish(mode, OFFICE_HOURS if mode in TIMED else (), allows_glass=glass)
    return services.set_rule(camera=camera, by=owner_of(camera).user, wish=wish)


def signed(registrant: Registrant) -> SharingAgreement:
    """Sign the agreement as the business does."""
    terms = sharing_terms().pk
    return services.sign_agreement(
        registrant=registrant, by=registrant.user, document=terms, signer="Rosa Diaz", title="Manager"
    )
