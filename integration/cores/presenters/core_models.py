from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from fusus_portal.ground.pages.timeline import Moment
from integration.cores import selectors
from integration.cores.models import CoreModel


def changes(model: CoreModel) -> list[Moment]:
    past = selectors.history_of(model)
    lines = [_moment(new, _difference(old, new)) for new, old in pairwise(past)]
    return lines + [_moment(first, _described(first)) for first in past[-1:]]


def _moment(row: Any, words: str) -> Moment:
    who = row.history_user.pseudonym if row.history_user else ""
    return Moment(row.history_date, " · ".join(filter(None, (words, who))))


def _difference(old: Any, new: Any) -> str:
    return _("No longer received") if old.retired_at != new.retired_at else _described(new)


def _described(row: Any) -> str:
    name = " · ".join(filter(None, (row.name, row.name_es)))
    return _("%(name)s, %(number)d cameras") % {"name": name, "number": row.cameras_supported}
