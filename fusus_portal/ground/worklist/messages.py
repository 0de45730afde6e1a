from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind
from fusus_portal.ground.worklist.sources import sources


class WorkWaitsMessage(AgencyKind, kind=MessageKind.WORK_WAITS):
    purpose = _(
        "Tells a person of the agency that something waits for them, and until when. Says neither what nor of whom."
    )
    subject = _("Something waits for you, notice %(number)s")
    needs = "lines link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: how many things wait, by name of their source; when the first is due, by that name and "_due"."""
        lines = [
            {"text": source.telling.words % {"number": int(context[source.name])}, "due": _moment(context, source.name)}
            for source in sources
            if source.telling is not None and source.name in context
        ]
        return {"lines": lines, "link": absolute(reverse("console"))}


def _moment(context: Context, name: str) -> datetime | None:
    due = context.get(f"{name}_due")
    return timezone.localtime(datetime.fromisoformat(str(due))) if due else None
