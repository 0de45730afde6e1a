"""The tables of the registry."""

from registry.models.agreements import Agreement
from registry.models.approvals import Approval, LeftOut
from registry.models.cameras import Camera
from registry.models.canvasses import Canvass, FootageRequest, RequestCamera
from registry.models.dispatch import DispatchDelivery, DispatchKey, DispatchRecord
from registry.models.drafts import RegistrationDraft
from registry.models.elsewhere import CountyAgency, OutreachLead, OutreachNote
from registry.models.evidence import Evidence, Giver, Upload
from registry.models.exports import RegistryExport
from registry.models.holds import LegalHold
from registry.models.imports import ExternalKey, ImportBatch, Imported, ImportFault, ImportInvitation, StaysOut
from registry.models.incident_types import IncidentType, NumberFormat
from registry.models.incidents import Assignment, Incident
from registry.models.limits import Limits
from registry.models.looks import LookDelay
from registry.models.notices import LooksRead, NoticeSettings, Rhythm
from registry.models.people import ContactWay, Premises, PremisesKind, Registrant, RegistrantKind
from registry.models.purposes import CanvassPurpose
from registry.models.retention import RetentionCategory
from registry.models.unverified import UnverifiedSearch, UnverifiedSight

__all__ = [
    "Agreement",
    "Approval",
    "Assignment",
    "Camera",
    "Canvass",
    "CanvassPurpose",
    "ContactWay",
    "CountyAgency",
    "DispatchDelivery",
    "DispatchKey",
    "DispatchRecord",
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
    "LegalHold",
    "Limits",
    "LookDelay",
    "LooksRead",
    "NoticeSettings",
    "NumberFormat",
    "OutreachLead",
    "OutreachNote",
    "Premises",
    "PremisesKind",
    "Registrant",
    "RegistrantKind",
    "RegistrationDraft",
    "RegistryExport",
    "RequestCamera",
    "RetentionCategory",
    "Rhythm",
    "StaysOut",
    "UnverifiedSearch",
    "UnverifiedSight",
    "Upload",
]
