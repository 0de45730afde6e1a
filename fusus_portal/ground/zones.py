"""Times with their zone, also in the hour that comes twice when clocks go back: there Django leaves the zone out.

Templates have the filter `date` from here.
"""

import re
from datetime import datetime
from typing import Any

from django.template import Library, defaultfilters
from django.utils import timezone
from django.utils.formats import date_format

register = Library()


def zoned(at: datetime, form: str) -> str:
    """Return a moment in local time. form: as Django's `date` takes it, with the zone as a T that stands alone."""
    local = timezone.localtime(at)
    return date_format(local, _with_zone(local, form))


@register.filter("date", expects_localtime=True, is_safe=False)
def date_filter(value: Any, form: str | None = None) -> Any:
    if isinstance(value, datetime) and timezone.is_aware(value) and form:
        form = _with_zone(value, form)
    return defaultfilters.date(value, form)


def _with_zone(local: datetime, form: str) -> str:
    return re.sub(r"\bT\b", lambda _found: "".join(f"\\{letter}" for letter in f"{local:%Z}"), form)
