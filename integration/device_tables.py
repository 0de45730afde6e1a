"""What a business's own data holds of its COREs, and of the cameras that are or were behind one."""

from integration.models import Core, DeviceCamera
from registry import own_tables
from registry.archive import Cell
from registry.models import Registrant


def register() -> None:
    """Add the tables."""
    own_tables.register("cores", cores)
    own_tables.register("connected_cameras", connected_cameras)


def cores(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return the COREs of a business, and what they said of themselves."""
    rows = Core.objects.filter(registrant=registrant).select_related("model").order_by("received_at", "serial")
    return [
        {
            "serial": core.serial,
            "kind": core.model.name,
            "state": core.state,
            "place": str(core.premises_id or ""),
            "activated_at": core.activated_at.isoformat() if core.activated_at else "",
            "last_heard_of": core.seen_at.isoformat() if core.seen_at else "",
            "firmware": core.firmware,
            "channels": " ".join(sorted(core.channels)),
        }
        for core in rows
    ]


def connected_cameras(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each camera that was connected, and until when."""
    rows = DeviceCamera.objects.filter(camera__premises__registrant=registrant).select_related("core")
    return [
        {
            "camera": str(behind.camera_id),
            "core": behind.core.serial,
            "channel": behind.channel,
            "connected_at": behind.added_at.isoformat(),
            "disconnected_at": behind.removed_at.isoformat() if behind.removed_at else "",
        }
        for behind in rows.order_by("added_at", "pk")
    ]
