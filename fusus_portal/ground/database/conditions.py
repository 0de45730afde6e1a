"""Conditions that several tables share."""

from django.db.models import Q


def both_or_none(*columns: str) -> Q:
    """Return the condition that all of the columns are empty, or none."""
    return Q(**{f"{name}__isnull": True for name in columns}) | Q(**{f"{name}__isnull": False for name in columns})
