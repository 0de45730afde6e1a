from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import Stale
from registry.footage.models.files import Evidence
from registry.footage.models.holds import LegalHold
from registry.footage.models.retention import RetentionCategory
from registry.footage.states import EvidenceState, HoldState
from registry.incidents.models.incidents import Incident
from registry.incidents.policies.reasons import check_reason
from registry.limits.models import Limits
from registry.rules import LONGEST_KEPT_DAYS


def category_of(incident: Incident) -> RetentionCategory:
    return incident.type.retention or standard()


def kept_until(received_at: datetime, *, category: RetentionCategory, incident: Incident) -> datetime:
    """Return the end of a file's retention: the longest time that applies wins."""
    return received_at + max(category.kept, category_of(incident).kept)


def held() -> Exists:
    """Return the condition of a legal hold on a file, or on the whole incident that it was given for."""
    on_it = Q(evidence__isnull=True) | Q(evidence=OuterRef("pk"))
    in_force = LegalHold.objects.filter(state=HoldState.PLACED, incident=OuterRef("request__incident"))
    return Exists(in_force.filter(on_it))


def holds_on(evidence: Evidence) -> QuerySet[LegalHold]:
    """Return all legal holds that were ever on a file, its incident's too, latest first."""
    on_it = Q(evidence__isnull=True) | Q(evidence=evidence)
    return LegalHold.objects.filter(on_it, incident=evidence.request.incident_id).order_by("-placed_at")


def must_be_there(evidence: Evidence) -> None:
    if evidence.state == EvidenceState.DELETED and evidence.deleted_at:
        day = {"day": date_format(localtime(evidence.deleted_at), "DATE_FORMAT")}
        raise Stale(
            _("This file was deleted on %(day)s: the time to keep it was over.") % day, subject=evidence.subject
        )
    if evidence.state != EvidenceState.KEPT:
        raise Stale(_("This file is being deleted: the time to keep it is over."), subject=evidence.subject)


def check_why(reason: str, *, evidence: Evidence, category: RetentionCategory | None) -> str:
    """Return the reason tidied. category: None if not known yet. Raises ValidationError on "reason"."""
    repeats = [evidence.request.incident.number, evidence.number, *([category.name] if category else ())]
    return check_reason(reason, limits=Limits.current(), repeats=repeats)


def check_category(category: RetentionCategory | None, *, name: str, days: int, floor_days: int) -> None:
    """Raise ValidationError on "name", "days" or "floor_days". category: the one to change, None for a new one."""
    check_name(name, category=category)
    check_floor(floor_days, category=category)
    check_days(days, floor_days)


def check_name(name: str, *, category: RetentionCategory | None) -> None:
    if RetentionCategory.objects.filter(name__iexact=name).exclude(pk__in=[category.pk] if category else []).exists():
        raise ValidationError({"name": _("There is a category of this name already.")})


def check_floor(floor_days: int, *, category: RetentionCategory | None) -> None:
    """Raise ValidationError on "floor_days" for less than one day, or less than before."""
    if floor_days < 1:
        raise ValidationError({"floor_days": _("Write at least one day.")})
    if category is not None and floor_days < category.floor_days:
        limit = {"days": category.floor_days}
        raise ValidationError({"floor_days": _("This number never goes down; it is %(days)d now.") % limit})


def check_days(days: int, floor_days: int) -> None:
    """Raise ValidationError on "days" below the floor, or above a hundred years."""
    if days < floor_days:
        raise ValidationError({"days": _("Keep footage at least %(days)d days.") % {"days": floor_days}})
    if days > LONGEST_KEPT_DAYS:
        raise ValidationError({"days": _("At most %(days)d days, a hundred years.") % {"days": LONGEST_KEPT_DAYS}})


def standard() -> RetentionCategory:
    return RetentionCategory.objects.get(is_standard=True)
