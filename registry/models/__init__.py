"""The tables of the registry."""

from registry.models.cameras import Camera
from registry.models.canvasses import Canvass, FootageRequest, RequestCamera
from registry.models.evidence import Evidence, Giver, RetentionCategory, Upload
from registry.models.exports import RegistryExport
from registry.models.imports import ExternalKey, ImportBatch, Imported, ImportFault, ImportInvitation, LeftOut
from registry.models.incidents import Assignment, Incident, IncidentType
from registry.models.people import ContactWay, Premises, PremisesKind, Registrant, RegistrantKind

__all__ = [
    "Assignment",
    "Camera",
    "Canvass",
    "ContactWay",
    "Evidence",
    "ExternalKey",
    "FootageRequest",
    "Giver",
    "ImportBatch",
    "ImportFault",
    "ImportInvitation",
    "Imported",
    "Incident",
    "IncidentType",
    "LeftOut",
    "Premises",
    "PremisesKind",
    "Registrant",
    "RegistrantKind",
    "RegistryExport",
    "RequestCamera",
    "RetentionCategory",
    "Upload",
]
