"""The tables of the ledger, by noun."""

from audit.models.console import LogPrint, SavedFilter
from audit.models.entries import AuditDetail, AuditEntry, AuditTally
from audit.models.fields import OpaqueIdField
from audit.models.tree import Alarm, Bundle, Checkpoint, Leaf, LogKey, Publication, SelfCheck, Tile

__all__ = [
    "Alarm", "AuditDetail", "AuditEntry", "AuditTally", "Bundle", "Checkpoint", "Leaf", "LogKey", "LogPrint",
    "OpaqueIdField", "Publication", "SavedFilter", "SelfCheck", "Tile",
]  # fmt: skip
