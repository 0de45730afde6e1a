"""The random sample of a week, drawn by a rule that anyone with the entries can follow.

Candidates: the week's entries of acts in `queue_rules.SAMPLED`, done by a person. Key: SHA-256 over the 16 bytes of the
seed and the 16 bytes of the entry's own random number `n`. The smallest keys are the sample; of equal keys, the smaller
id.
"""

from django.db import connection
from django.db.models import QuerySet

from audit.log.actors import ActorKind
from audit.log.models import AuditEntry
from fusus_portal.oversight.review.queue_rules import SAMPLED
from fusus_portal.oversight.review.week import Week

DRAW = """
SELECT id FROM audit_entry
WHERE at >= %s AND at < %s AND event = ANY(%s) AND outcome = 'done' AND actor_kind = 'user'
ORDER BY sha256(%s || nonce), id LIMIT %s
"""


def acts(week: Week) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(
        at__gte=week.begin, at__lt=week.end, event__in=SAMPLED, outcome="done", actor_kind=ActorKind.USER.value
    )


def drawn(week: Week, *, seed: str, size: int) -> list[int]:
    """Return the ids of the sample, first drawn first; all ids if the week has fewer."""
    events = [event.value for event in SAMPLED]
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [week.begin, week.end, events, bytes.fromhex(seed), size])
        return [pk for (pk,) in cursor.fetchall()]
