"""Searches that an auditor keeps under a name. Saving and deleting are entries: what somebody looks for is telling."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.console.models import SavedFilter
from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.queries import find_or_refuse

MOST = 50


def own(*, by: Actor) -> QuerySet[SavedFilter]:
    """Return the searches that somebody keeps, by name."""
    return SavedFilter.objects.filter(owner=by.id).order_by("name")


def save(*, name: str, query: str, said: str, by: Actor) -> SavedFilter:
    """Keep a search. said: it in words, for the log. Raises ValidationError on "name"."""
    if own(by=by).count() >= MOST:
        raise ValidationError({"name": _("You keep %(most)d searches. Delete one first.") % {"most": MOST}})
    try:
        with transaction.atomic():
            saved = SavedFilter.objects.create(owner=by.id, name=name, query=query)
            record(event=Event.FILTER_SAVED, actor=by, subject=saved.subject, reason=f"{name}: {said}")
    except IntegrityError as error:
        raise ValidationError({"name": _("You keep a search of this name already.")}) from error
    return saved


def delete(*, pk: int, by: Actor) -> str:
    """Delete one's own saved search; return its name. Raises NotYours."""
    with transaction.atomic():
        rows = own(by=by).select_for_update().filter(pk=pk)
        found = find_or_refuse(rows, _("You keep no such search."), subject=("log_filter", str(pk)[:64]))
        record(event=Event.FILTER_DELETED, actor=by, subject=found.subject, reason=f"{found.name}: {found.query}")
        found.delete()
    return found.name
