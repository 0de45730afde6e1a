"""Changes of a row: each line of its history against the one before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

BESIDE = {"id", "only", "revision", "kind", "language"}
NOTHING = "\N{EN DASH}"
DIGEST = re.compile(r"[0-9a-f]{64}")
"""A stored picture's digest; its first digits are shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a row. who: badge pseudonym. about: the row's name if there are several."""

    at: datetime
    who: str
    differences: list[Difference]
    about: str = ""


def changes_of(rows: Iterable[Any], *, model: type[Model]) -> list[Change]:
    """Return the changes of a one-row table. rows: its history, latest first."""
    changes = [
        Change(after.history_date, who(after), differences(before, after, model=model))
        for after, before in pairwise(rows)
    ]
    return [change for change in changes if change.differences]


def differences(before: Any, after: Any, *, model: type[Model]) -> list[Difference]:
    found = []
    for field in model._meta.concrete_fields:  # noqa: SLF001  (the documented part of Django)
        was, now = getattr(before, field.attname, None), getattr(after, field.attname)
        if field.name not in BESIDE and words(was) != words(now):
            label = str(field.verbose_name)
            found.append(Difference(label[:1].upper() + label[1:], words(was), words(now)))
    return found


def who(row: Any) -> str:
    return row.history_user.pseudonym if row.history_user else _("The portal")


def words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {address}" for name, address in value.items()) or NOTHING
    if isinstance(value, list):
        return ", ".join(value) or NOTHING
    if isinstance(value, str) and DIGEST.fullmatch(value):
        return _("picture %(digest)s") % {"digest": value[:8]}
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        value = date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, Decimal):
        value = value.normalize()
    return str(value) if value not in (None, "") else NOTHING
