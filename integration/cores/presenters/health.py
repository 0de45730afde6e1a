from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.pages.times import localized_moment
from integration.cores.models import Core
from integration.cores.policies import NO_RECORDING


def health_facts(core: Core) -> list[tuple[str, Any]]:
    has_disk = core.disk_free is not None and core.disk_size is not None
    disk = {"free": filesizeformat(core.disk_free or 0), "size": filesizeformat(core.disk_size or 0)}
    rows = [
        (_("Activated"), core.activated_at and localized_moment(core.activated_at)),
        (_("Last contact"), core.activated_at and core.seen_at and localized_moment(core.seen_at)),
        (_("Firmware"), core.firmware),
        (_("Clock"), "" if core.clock_drift_ms is None else drift(core.clock_drift_ms)),
        (_("Disk"), _("%(free)s free of %(size)s") % disk if has_disk else ""),
        (_("Recording"), "" if core.recorded_minutes is None else recorded(core.recorded_minutes)),
    ]
    return [(term, said) for term, said in rows if said]


def recorded(minutes: int) -> str:
    if not minutes:
        return str(NO_RECORDING)
    return ngettext("the last minute", "the last %(number)d minutes", minutes) % {"number": minutes}


def drift(milliseconds: int) -> str:
    seconds = int(milliseconds / 1000)
    if seconds >= 2:
        return _("%(seconds)d seconds ahead") % {"seconds": seconds}
    if seconds <= -2:
        return _("%(seconds)d seconds behind") % {"seconds": -seconds}
    return _("on time")
