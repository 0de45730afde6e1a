from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.ground.agency import hooks
from fusus_portal.ground.agency.models import Announcement
from fusus_portal.ground.agency.presenters.documents import day_of
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context


def words_change(context: Context) -> Mapping[str, object]:
    """Context: announcement (id). lines: the changes, a sentence each."""
    made = Announcement.objects.get(pk=str(context["announcement"]))
    [words] = [each for each in hooks.words if each.name == made.name]
    return {
        "title": str(words.label),
        "number": str(made.number),
        "day": day_of(made.holds_from),
        "lines": words.news(made.number),
        "link": absolute(reverse(words.page) if words.page else reverse(f"{made.name}_version", args=[made.number])),
    }
