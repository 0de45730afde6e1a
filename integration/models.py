"""The tables of integration."""

from integration.clips.models import Clip
from integration.cores.models import ActivationCode, Core, CoreModel, CoreToken, DeviceCamera, PictureState
from integration.critical.models import Declaration, DeclarationEnd, DeclarationKind
from integration.live.models import GrantEnd, LiveStream, ViewGrant, ViewTime
from integration.sharing.models import SharingAgreement, SharingMode, SharingPause, SharingRule
from integration.watch_hours.models import FlagAbout, WatchedDay, WatchFlag

__all__ = [
    "ActivationCode",
    "Clip",
    "Core",
    "CoreModel",
    "CoreToken",
    "Declaration",
    "DeclarationEnd",
    "DeclarationKind",
    "DeviceCamera",
    "FlagAbout",
    "GrantEnd",
    "LiveStream",
    "PictureState",
    "SharingAgreement",
    "SharingMode",
    "SharingPause",
    "SharingRule",
    "ViewGrant",
    "ViewTime",
    "WatchFlag",
    "WatchedDay",
]
