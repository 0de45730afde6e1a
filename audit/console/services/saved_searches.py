"""Searches that an auditor keeps by name. Saving and deleting are entries: a search reveals an intent."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.console.models import MailTimes, SavedFilter
from audit.console.services.mailed_searches import told_until
from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.lifecycle import find_or_refuse

MOST = 50


def own(*, by: Actor) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(owner=by.id).order_by("name")


def find(*, pk: int, by: Actor) -> SavedFilter:
    return _find(own(by=by), pk)


def called(name: str, *, by: Actor) -> SavedFilter | None:
    return own(by=by).filter(name=name).first()


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
        found = _find(own(by=by).select_for_update(), pk)
        record(event=Event.FILTER_DELETED, actor=by, subject=found.subject, reason=f"{found.name}: {found.query}")
        found.delete()
    return found.name


def mail(*, pk: int, times: MailTimes, by: Actor) -> SavedFilter:
    """Have the link to one's own saved search mailed each day or week, or never again. Raises NotYours."""
    with transaction.atomic():
        found = _find(own(by=by).select_for_update(), pk)
        if found.mailed == times:
            return found
        found.mailed, found.mailed_until = times, told_until(times)
        found.save(update_fields=["mailed", "mailed_until"])
        record(event=Event.FILTER_TIMED, actor=by, subject=found.subject, facts={"mailed": times.value})
    return found


def _find(rows: QuerySet[SavedFilter], pk: int) -> SavedFilter:
    return find_or_refuse(rows.filter(pk=pk), _("You keep no such search."), subject=("log_filter", str(pk)[:64]))
