"""The kinds of things that an address of the console may name."""

from django.db.models import Model

from fusus_portal.oversight.review.models import AlarmAddress, ReviewCard, ReviewQuestion, ReviewWeek
from integration.clips.models import Clip
from integration.cores.models import Core, CoreModel, DeviceCamera
from integration.critical.models import Declaration
from integration.live.models import ViewGrant
from registry.access_log.models import LookDelay
from registry.canvasses.models import Canvass, CanvassPurpose
from registry.footage.models import Evidence, LegalHold, RetentionCategory
from registry.imports.models import ImportBatch, RegistryExport
from registry.incidents.models import DispatchKey, Incident, IncidentType, JoinQuestion
from registry.other_counties.models import CountyAgency

KINDS: dict[str, tuple[type[Model], ...]] = {
    "canvasses": (Canvass,),
    "cards": (ReviewCard,),
    "clips": (DeviceCamera, Clip),
    "core-models": (CoreModel,),
    "cores": (Core,),
    "county-agencies": (CountyAgency,),
    "declarations": (Declaration,),
    "delays": (LookDelay,),
    "dispatch": (DispatchKey,),
    "evidence": (Evidence,),
    "exports": (RegistryExport,),
    "holds": (LegalHold,),
    "imports": (ImportBatch,),
    "incident-types": (IncidentType,),
    "incidents": (Incident,),
    "joins": (JoinQuestion,),
    "live": (DeviceCamera, ViewGrant),
    "purposes": (CanvassPurpose,),
    "questions": (ReviewQuestion,),
    "retention": (RetentionCategory,),
    "review-address": (AlarmAddress,),
    "weeks": (ReviewWeek,),
}
"""Kinds of things that an address may name, by the word before it. Of things that the agency lists, one is enough."""

LISTS = (CanvassPurpose, CountyAgency, IncidentType, RetentionCategory, CoreModel)
