"""The tables of the registry."""

from registry.models.canvasses import Canvass, FootageRequest, RequestCamera
from registry.models.evidence import Evidence, Giver, Upload
from registry.models.holds import LegalHold
from registry.models.incidents import Assignment, Incident, IncidentType
from registry.models.people import Camera, Premises, PremisesKind, Registrant, RegistrantKind
from registry.models.retention import RetentionCategory

__all__ = [
    "Assignment",
    "Camera",
    "Canvass",
    "Evidence",
    "FootageRequest",
    "Giver",
    "Incident",
    "IncidentType",
    "LegalHold",
    "Premises",
    "PremisesKind",
    "Registrant",
    "RegistrantKind",
    "RequestCamera",
    "RetentionCategory",
    "Upload",
]
