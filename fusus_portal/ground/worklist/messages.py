from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from fusus_portal.ground.worklist.sources import sources


def work_waits(context: Context) -> Mapping[str, object]:
    """Context: for each kind the number of things and the first due time, nothing else."""
    lines = [
        {"text": source.telling.words % {"number": int(context[source.name])}, "due": _moment(context, source.name)}
        for source in sources
        if source.telling is not None and source.name in context
    ]
    return {"lines": lines, "link": absolute(reverse("console"))}


def _moment(context: Context, name: str) -> datetime | None:
    due = context.get(f"{name}_due")
    return timezone.localtime(datetime.fromisoformat(str(due))) if due else None
