"""The tables of integration."""

from integration.models.agreements import SharingAgreement
from integration.models.cores import ActivationCode, Core, CoreModel, CoreToken
from integration.models.device_cameras import DeviceCamera, PictureState
from integration.models.sharing import SharingMode, SharingPause, SharingRule

__all__ = [
    "ActivationCode",
    "Core",
    "CoreModel",
    "CoreToken",
    "DeviceCamera",
    "PictureState",
    "SharingAgreement",
    "SharingMode",
    "SharingPause",
    "SharingRule",
]
