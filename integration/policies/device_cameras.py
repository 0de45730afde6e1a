"""Which cameras may be behind a CORE."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.lifecycle import Stale
from integration.models import Core, DeviceCamera
from integration.models.device_cameras import CHANNEL
from integration.rules import MOST_CAMERAS
from registry.models import Camera


def check_camera(camera: Camera, *, core: Core) -> Camera:
    """Return the camera. Raises ValidationError on "camera" unless it is registered at the place of the CORE."""
    if camera.removed_at is not None or camera.premises_id != core.premises_id:
        raise ValidationError({"camera": _("Only a registered camera at the place of this CORE can be connected.")})
    return camera


def check_channel(channel: str, *, core: Core) -> str:
    """Return the channel. Raises ValidationError on "channel" for one that the CORE has not reported."""
    if not re.match(CHANNEL, channel) or channel not in core.channels:
        raise ValidationError({"channel": _("This CORE has not reported such a channel.")})
    return channel


def check_room(core: Core, *, behind: int) -> None:
    """Raise ValidationError on "channel" when a CORE has as many cameras as its kind connects."""
    most = min(core.model.cameras_supported, MOST_CAMERAS)
    if behind >= most:
        sentence = _("This CORE connects at most %(most)d cameras.") % {"most": most}
        raise ValidationError({"channel": sentence})


def must_be_connected(behind: DeviceCamera) -> None:
    """Raise Stale for a camera that is disconnected already."""
    if behind.removed_at is not None:
        raise Stale(_("This camera is no longer behind this CORE."), subject=behind.subject)
