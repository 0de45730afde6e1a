"""The tables of the registry."""

from registry.models.approvals import Approval, LeftOut
from registry.models.canvasses import Canvass, FootageRequest, RequestCamera
from registry.models.evidence import Evidence, Giver, RetentionCategory, Upload
from registry.models.incidents import Assignment, Incident, IncidentType
from registry.models.people import Camera, Premises, PremisesKind, Registrant, RegistrantKind
from registry.models.purposes import CanvassPurpose

__all__ = [
    "Approval",
    "Assignment",
    "Camera",
    "Canvass",
    "CanvassPurpose",
    "Evidence",
    "FootageRequest",
    "Giver",
    "Incident",
    "IncidentType",
    "LeftOut",
    "Premises",
    "PremisesKind",
    "Registrant",
    "RegistrantKind",
    "RequestCamera",
    "RetentionCategory",
    "Upload",
]
