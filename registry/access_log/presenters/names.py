"""What an owner reads of a page that told somebody their name or address: what it was about."""

from audit.log.models import AuditEntry
from registry import hooks


def named(entry: AuditEntry) -> str:
    """Return the sentence that says on the page of what somebody read the owner's name."""
    words = {kind.name: kind.words for kind in hooks.named_with}.get(entry.subject_kind)
    return str(words) % {"number": entry.facts.get("number", "")} if words else entry.sentence
