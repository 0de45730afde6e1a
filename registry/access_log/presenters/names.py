from audit.log.models import AuditEntry
from registry import hooks


def named(entry: AuditEntry) -> str:
    """Return the sentence for a page that showed somebody the owner's name or address."""
    words = {kind.name: kind.words for kind in hooks.named_with}.get(entry.subject_kind)
    return str(words) % {"number": entry.facts.get("number", "")} if words else entry.sentence
