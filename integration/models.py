"""The tables of integration."""

from integration.models.agreements import SharingAgreement
from integration.models.clips import Clip
from integration.models.cores import ActivationCode, Core, CoreModel, CoreToken
from integration.models.declarations import Declaration, DeclarationEnd, DeclarationKind
from integration.models.device_cameras import DeviceCamera, PictureState
from integration.models.sharing import SharingMode, SharingPause, SharingRule
from integration.models.views import GrantEnd, LiveStream, ViewGrant, ViewTime
from integration.models.watching import FlagAbout, WatchedDay, WatchFlag

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
