from datetime import date

from django.db import transaction
from django.utils import timezone

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from registry.access_log.models import NoticeSettings
from registry.access_log.selectors import months

TELLER = "registry.tell_months"
TOLD_AT_ONCE = 500


def tell() -> int:
    """Write the summaries of the month that ended last; return how many. Running it twice writes none twice.

    A summary is counted when it is rendered, so that nothing is told that was delayed meanwhile.
    """
    month, written = months.last_ended(timezone.now()), 0
    while batch := _tell_batch(month):
        written += batch
    return written


@transaction.atomic
def _tell_batch(month: date) -> int:
    rows = months.due(month).select_for_update(of=("self",), no_key=True, skip_locked=True)
    wanting = list(rows.select_related("registrant__user")[:TOLD_AT_ONCE])
    letters = [_letter(one, month) for one in wanting]
    notifications.send_many(kind=MessageKind.MONTH_SUMMARY, letters=letters)
    NoticeSettings.objects.filter(pk__in=[one.pk for one in wanting]).update(month_told=month)
    return len(wanting)


def _letter(settings: NoticeSettings, month: date) -> Letter:
    registrant = settings.registrant
    return Letter(registrant, registrant.subject, {"registrant": str(registrant.pk), "month": month.isoformat()})
