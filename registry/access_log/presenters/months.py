from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.notifications.addresses import absolute
from registry.access_log.notice_links import token_for
from registry.access_log.selectors.months import MonthCount, counted
from registry.access_log.selectors.notices import Channel
from registry.people.models import Registrant


def letter(registrant: Registrant, month: date) -> Mapping[str, object]:
    """Return the variables of a month's summary as of now: numbers, and nobody's name."""
    found = counted(registrant, month)
    return {
        "month": date_format(month, "YEAR_MONTH_FORMAT"),
        "searches": found.searches,
        "asked": found.asked,
        "looks": found.looks,
        "lines": _lines(found),
        "link": absolute(reverse("looks")),
        "settings_link": absolute(reverse("notices")),
        "unsubscribe": absolute(reverse("notices_stop", args=[token_for(str(registrant.pk), Channel.MONTHLY)])),
    }


def _lines(found: MonthCount) -> list[str]:
    lines = [
        _("Searches that found your cameras: %(number)d") % {"number": found.searches},
        _("Requests for footage: %(number)d") % {"number": found.asked},
        _("Times that somebody saw an address, footage or a live view, for each camera: %(number)d")
        % {"number": found.looks},
    ]
    if found.refused:
        lines.append(_("Views that your pause or rule refused: %(number)d") % {"number": found.refused})
    if found.later:
        later = ngettext(
            "%(number)d entry of this month opens later, and is not counted here. Your list says when.",
            "%(number)d entries of this month open later, and are not counted here. Your list says when.",
            found.later,
        )
        lines.append(later % {"number": found.later})
    return lines
