"""What messages about declarations say. Built from ids when they are rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from integration.critical.models import Declaration, DeclarationKind
from integration.rules import WAITS_FOR_A_SECOND


def glass_overdue(context: Context) -> Mapping[str, object]:
    """Context: declaration (id), role of the reader: whoever may not see the incident is led to the console."""
    declaration = _declaration(context)
    sees = context["role"] == Role.SUPERVISOR
    page = reverse("incident", args=[declaration.incident_id]) if sees else reverse("console")
    return {
        **_said(declaration),
        "broken_at": timezone.localtime(declaration.starts_at),
        "link": absolute(page),
    }


def critical_look(context: Context) -> Mapping[str, object]:
    """Context: declaration (id). until: when broken glass ends automatically, or a question is dropped."""
    declaration = _declaration(context)
    is_broken = declaration.kind == DeclarationKind.BREAK_GLASS
    until = declaration.ends_at if is_broken else declaration.declared_at + WAITS_FOR_A_SECOND
    return {
        **_said(declaration),
        "is_broken": is_broken,
        "until": timezone.localtime(until),
        "link": absolute(reverse("critical", args=[declaration.incident_id])),
    }


def _declaration(context: Context) -> Declaration:
    loaded = Declaration.objects.select_related("incident", "declared_by", "seconded_by")
    return loaded.get(pk=str(context["declaration"]))


def _said(declaration: Declaration) -> dict[str, object]:
    number = declaration.incident.number
    two = [person.pseudonym for person in (declaration.declared_by, declaration.seconded_by) if person]
    return {"number": number, "incident_number": number, "first": two[0], "second": two[-1]}
