from audit.console.models import LogPrint, SavedFilter
from audit.ledger.models import Alarm, Bundle, Checkpoint, Leaf, LogKey, Publication, SelfCheck, Tile
from audit.log.models import AuditDetail, AuditEntry, AuditSighting, AuditTally, OpaqueIdField

__all__ = [
    "Alarm", "AuditDetail", "AuditEntry", "AuditSighting", "AuditTally", "Bundle", "Checkpoint", "Leaf", "LogKey",
    "LogPrint", "OpaqueIdField", "Publication", "SavedFilter", "SelfCheck", "Tile",
]  # fmt: skip
