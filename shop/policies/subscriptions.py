"""How long a term lasts."""

from datetime import date


def a_year_after(day: date) -> date:
    """Return the same day of the next year; the last of February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
