from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from audit.log.models import AuditEntry
from audit.log.selectors import reasons_of
from registry.access_log.policies import SHOWN_REASONS, TYPED_REASONS
from registry.canvasses.models.canvasses import Canvass
from registry.limits.models import Limits
from registry.rules import LOOKS_SETTLE


def readable_reasons(entries: Sequence[AuditEntry]) -> Mapping[bytes, str]:
    """Return the reasons that owners may read, by digest (docs/decisions/registry/typed-reasons.md).

    entries: none of them withheld. Expired reasons are absent. At most three queries.
    """
    shown = [entry for entry in entries if entry.event in SHOWN_REASONS]
    if typed := [entry for entry in entries if entry.event in TYPED_REASONS and entry.reason_digest]:
        shown += _told(typed)
    return reasons_of(shown) if shown else {}


def _told(entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Return the settled entries whose reason was typed by somebody who was told that owners read it."""
    limits, settled = Limits.current(), timezone.now() - LOOKS_SETTLE
    told = [entry for entry in entries if limits.owners_read(entry.at) and entry.at <= settled]
    before = _typed_before(limits.reasons_from, told)
    return [entry for entry in told if entry.facts.get("canvass") not in before]


def _typed_before(since: datetime | None, entries: Sequence[AuditEntry]) -> set[str]:
    """Return the canvasses drafted before: each act on one has the reason of its draft."""
    canvasses = {str(entry.facts["canvass"]) for entry in entries if "canvass" in entry.facts}
    if not canvasses:
        return set()
    later = Canvass.objects.filter(pk__in=canvasses, created_at__gte=since).values_list("pk", flat=True)
    return canvasses - {str(pk) for pk in later}
