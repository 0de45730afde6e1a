"""The tables of the registry."""

from registry.models.canvasses import Canvass, FootageRequest, RequestCamera
from registry.models.evidence import Evidence, Giver, RetentionCategory, Upload
from registry.models.exports import RegistryExport
from registry.models.imports import ExternalKey, ImportBatch, Imported, ImportFault, ImportInvitation, LeftOut
from registry.models.incidents import Assignment, Incident, IncidentType
from registry.models.people import Camera, Premises, PremisesKind, Registrant, RegistrantKind

__all__ = [
    "RegistryExport",
    "LeftOut",
    "ImportInvitation",
    "ImportFault",
    "Imported",
    "ImportBatch",
    "ExternalKey",
    "Assignment",
    "Camera",
    "Canvass",
    "Evidence",
    "FootageRequest",
    "Giver",
    "Incident",
    "IncidentType",
    "Premises",
    "PremisesKind",
    "Registrant",
    "RegistrantKind",
    "RequestCamera",
    "RetentionCategory",
    "Upload",
]
