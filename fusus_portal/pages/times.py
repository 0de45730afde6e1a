"""Times as people write them, on the agency's clock and with its zone."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def localized_moment(at: datetime) -> str:
    """Return a point in time as people write it, on the agency's clock and with its zone."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')}, {date_format(local, 'TIME_FORMAT')} {local:%Z}"
