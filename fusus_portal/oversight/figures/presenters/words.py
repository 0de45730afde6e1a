from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.oversight.figures.definitions import Dimension, Figure
from integration.live.policies import BY_NAME
from integration.watch_hours.texts import clock, kind_name
from registry.incidents import selectors as incidents

MANY_CODES = 200


def written(figure: Figure, number: int) -> str:
    return clock(number) if figure.is_length else number_format(number, force_grouping=True)


def places(size: int) -> str:
    """Return a state of the log in words. size: places of the tree."""
    number = number_format(size, force_grouping=True)
    return ngettext("The first place", "The first %(size)s places", size) % {"size": number}


def month_name(month: str) -> str:
    return date_format(date.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")


def whole_day(day: str) -> str:
    return date_format(date.fromisoformat(day), "DATE_FORMAT")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def day_name(day: str) -> str:
    return date_format(date.fromisoformat(day), "MONTH_DAY_FORMAT")


def crime_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Return the agency's names of kinds of crimes and emergencies. One query, or none without codes."""
    wanted = sorted({*codes})[:MANY_CODES]
    return incidents.type_labels(wanted) if wanted else {}


def value_name(dimension: str, value: str, crimes: Mapping[str, str]) -> str:
    if not value:
        return _("All others together")
    if dimension == Dimension.CRIME:
        return crimes.get(value, value)
    if dimension == Dimension.PREMISES:
        return kind_name(value)
    if dimension == Dimension.CONDITION:
        return str(BY_NAME[value].sentence) if value in BY_NAME else value
    return value
