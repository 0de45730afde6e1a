"""Messages about declarations. They are built from ids when rendered, so that no link is ever stored."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from integration.critical.models import Declaration
from integration.rules import WAITS_FOR_A_SECOND


def glass_overdue(context: Context) -> Mapping[str, object]:
    """Context: declaration (id), role of the reader. Only a supervisor gets a link to the incident."""
    declaration = _declaration(context)
    sees = context["role"] == Role.SUPERVISOR
    page = reverse("incident", args=[declaration.incident_id]) if sees else reverse("console")
    return {
        **_said(declaration),
        "broken_at": timezone.localtime(declaration.starts_at),
        "link": absolute(page),
    }


def glass_asked(context: Context) -> Mapping[str, object]:
    """Context: declaration (id), role of the reader. until: when the question is dropped."""
    declaration = _declaration(context)
    page = reverse("glass_confirm", args=[declaration.pk])
    return {**_said(declaration), "until": _dropped_at(declaration), "link": absolute(page)}


def glass_broken(context: Context) -> Mapping[str, object]:
    """Context: declaration (id), role of the reader. until: when it ends. can_end: the reader is a supervisor."""
    declaration = _declaration(context)
    can_end = context["role"] == Role.SUPERVISOR
    page = reverse("critical", args=[declaration.incident_id]) if can_end else reverse("console")
    until = timezone.localtime(declaration.ends_at)
    return {**_said(declaration), "until": until, "can_end": can_end, "link": absolute(page)}


def critical_look(context: Context) -> Mapping[str, object]:
    """Context: declaration (id). until: when the question is dropped."""
    declaration = _declaration(context)
    page = reverse("critical", args=[declaration.incident_id])
    return {**_said(declaration), "until": _dropped_at(declaration), "link": absolute(page)}


def _dropped_at(declaration: Declaration) -> datetime:
    return timezone.localtime(declaration.declared_at + WAITS_FOR_A_SECOND)


def _declaration(context: Context) -> Declaration:
    loaded = Declaration.objects.select_related("incident", "declared_by", "seconded_by")
    return loaded.get(pk=str(context["declaration"]))


def _said(declaration: Declaration) -> dict[str, object]:
    number = declaration.incident.number
    two = [person.pseudonym for person in (declaration.declared_by, declaration.seconded_by) if person]
    return {"number": number, "incident_number": number, "first": two[0], "second": two[-1]}
