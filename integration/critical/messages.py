"""What the messages of integration say. Built from ids when a message is rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from fusus_portal.accounts.roles import Role
from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from integration.models import Core, Declaration, DeclarationKind
from integration.rules import WAITS_FOR_A_SECOND


def register_builders() -> None:
    """Register the builder of each kind of integration."""
    kinds.register(MessageKind.CORE_OFFLINE, about_core)
    kinds.register(MessageKind.CORE_ONLINE, about_core)
    kinds.register(MessageKind.GLASS_OVERDUE, glass_overdue)
    kinds.register(MessageKind.CRITICAL_LOOK, critical_look)


def about_core(context: Context) -> Mapping[str, object]:
    """Context: core (id)."""
    core = Core.objects.get(pk=str(context["core"]))
    return {
        "number": core.serial,
        "seen_at": timezone.localtime(core.seen_at or core.received_at),
        "link": absolute(reverse("device", args=[core.pk])),
    }


def glass_overdue(context: Context) -> Mapping[str, object]:
    """Context: declaration (id), role of the reader: whoever may not see the incident is led to the console."""
    loaded = Declaration.objects.select_related("incident", "declared_by", "seconded_by")
    declaration = loaded.get(pk=str(context["declaration"]))
    two = [person.pseudonym for person in (declaration.declared_by, declaration.seconded_by) if person]
    sees = context["role"] == Role.SUPERVISOR
    page = reverse("incident", args=[declaration.incident_id]) if sees else reverse("console")
    return {
        "number": declaration.incident.number,
        "incident_number": declaration.incident.number,
        "broken_at": timezone.localtime(declaration.starts_at),
        "first": two[0],
        "second": two[-1],
        "link": absolute(page),
    }


def critical_look(context: Context) -> Mapping[str, object]:
    """Context: declaration (id). until: when broken glass is over by itself, or a question is dropped."""
    loaded = Declaration.objects.select_related("incident", "declared_by", "seconded_by")
    declaration = loaded.get(pk=str(context["declaration"]))
    is_broken = declaration.kind == DeclarationKind.BREAK_GLASS
    two = [person.pseudonym for person in (declaration.declared_by, declaration.seconded_by) if person]
    until = declaration.ends_at if is_broken else declaration.declared_at + WAITS_FOR_A_SECOND
    return {
        "number": declaration.incident.number,
        "incident_number": declaration.incident.number,
        "is_broken": is_broken,
        "first": two[0],
        "second": two[-1],
        "until": timezone.localtime(until),
        "link": absolute(reverse("critical", args=[declaration.incident_id])),
    }
