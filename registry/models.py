"""The tables of the registry."""

from registry.access_log.models import LookDelay, LooksRead, NoticeSettings, Rhythm
from registry.canvasses.models.approvals import Approval, LeftOut
from registry.canvasses.models.canvasses import Canvass, FootageRequest, RequestCamera
from registry.canvasses.models.purposes import CanvassPurpose
from registry.canvasses.models.unverified_searches import UnverifiedSearch, UnverifiedSight
from registry.footage.models.files import Evidence, Giver, Upload
from registry.footage.models.holds import LegalHold
from registry.footage.models.retention import RetentionCategory
from registry.imports.models import (
    ExternalKey,
    ImportBatch,
    Imported,
    ImportFault,
    ImportInvitation,
    RegistryExport,
    StaysOut,
)
from registry.incidents.models.dispatch import DispatchDelivery, DispatchKey, DispatchRecord
from registry.incidents.models.incidents import Assignment, Incident
from registry.incidents.models.types import IncidentType, NumberFormat
from registry.letters.models import Letter, LetterBatch
from registry.limits.models import Limits
from registry.other_counties.models import CountyAgency, OutreachLead, OutreachNote
from registry.people.models import Agreement, ContactWay, Registrant, RegistrantKind, RegistrationDraft
from registry.places.models import Camera, Confirmation, Premises, PremisesKind

__all__ = [
    "Agreement",
    "Approval",
    "Assignment",
    "Camera",
    "Canvass",
    "CanvassPurpose",
    "Confirmation",
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
    "Letter",
    "LetterBatch",
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
