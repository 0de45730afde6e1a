from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.agency import hooks
from fusus_portal.ground.agency.models import Announcement
from fusus_portal.ground.agency.presenters import day_of
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind


class WordsChangeMessage(PublicKind, kind=MessageKind.WORDS_CHANGE):
    purpose = _(
        "Tells a person ahead of time that a text on which they rely changes, from when on, and what is new in it."
    )
    subject = _("%(title)s: version %(number)s holds from %(day)s")
    needs = "title day lines link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: announcement (id). lines: the news of the version, a sentence each."""
        made = Announcement.objects.get(pk=str(context["announcement"]))
        [words] = [each for each in hooks.words if each.name == made.name]
        return {
            "title": str(words.label),
            "number": str(made.number),
            "day": day_of(made.holds_from),
            "lines": words.news(made.number),
            "link": absolute(
                reverse(words.page) if words.page else reverse(f"{made.name}_version", args=[made.number])
            ),
        }
