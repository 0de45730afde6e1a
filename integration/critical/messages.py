"""Messages about declarations. Each is built from ids when it is rendered, so no link is ever stored."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind
from integration.critical.models import Declaration
from integration.critical.selectors import glass_facts
from integration.rules import WAITS_FOR_A_SECOND
from registry.access_log.presenters.looks import through_glass


class DeclarationMessage(AgencyKind):
    about_incident = True
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: declaration (id), role of the reader. A role that sees no incident gets a link to its start page."""
        declaration = Declaration.objects.select_related("incident", "declared_by", "seconded_by").get(
            pk=str(context["declaration"])
        )
        number = declaration.incident.number
        two = [person.pseudonym for person in (declaration.declared_by, declaration.seconded_by) if person]
        named = {"number": number, "incident_number": number, "first": two[0], "second": two[-1]}
        return {**named, **self.about(declaration, sees=context["role"] == Role.SUPERVISOR)}

    @abstractmethod
    def about(self, declaration: Declaration, *, sees: bool) -> dict[str, object]:
        """Return the other variables. sees: the reader is a supervisor, who sees the incident."""


class GlassOverdueMessage(DeclarationMessage, kind=MessageKind.GLASS_OVERDUE):
    purpose = _(
        "Tells supervisors, administrators and auditors that nobody wrote within a week why the glass was broken."
    )
    subject = _("Nobody has said why the glass was broken, incident %(incident_number)s")
    needs = "incident_number broken_at first second link"
    urgent = False

    def about(self, declaration: Declaration, *, sees: bool) -> dict[str, object]:
        page = reverse("incident", args=[declaration.incident_id]) if sees else reverse("console")
        return {"broken_at": timezone.localtime(declaration.starts_at), "link": absolute(page)}


class GlassAskedMessage(DeclarationMessage, kind=MessageKind.GLASS_ASKED):
    purpose = _("Asks the other deputies and supervisors to break the glass with the one who asks.")
    subject = _("A second person is needed now, incident %(incident_number)s")
    needs = "incident_number first until link"

    def about(self, declaration: Declaration, *, sees: bool) -> dict[str, object]:
        page = reverse("glass_confirm", args=[declaration.pk])
        return {"until": _dropped_at(declaration), "link": absolute(page)}


class GlassBrokenMessage(DeclarationMessage, kind=MessageKind.GLASS_BROKEN):
    purpose = _("Tells supervisors, administrators and auditors at that moment that two people broke the glass.")
    subject = _("The glass was broken, incident %(incident_number)s")
    needs = "incident_number glass first second until can_end link"

    def about(self, declaration: Declaration, *, sees: bool) -> dict[str, object]:
        page = reverse("critical", args=[declaration.incident_id]) if sees else reverse("console")
        glass = through_glass(glass_facts(declaration))
        until = timezone.localtime(declaration.ends_at)
        return {"glass": glass, "until": until, "can_end": sees, "link": absolute(page)}


class CriticalLookMessage(DeclarationMessage, kind=MessageKind.CRITICAL_LOOK):
    purpose = _("Asks the other supervisors to look at a declaration that one of them must confirm.")
    subject = _("A declaration waits for you, incident %(incident_number)s")
    needs = "incident_number first until link"

    def about(self, declaration: Declaration, *, sees: bool) -> dict[str, object]:
        page = reverse("critical", args=[declaration.incident_id])
        return {"until": _dropped_at(declaration), "link": absolute(page)}


def _dropped_at(declaration: Declaration) -> datetime:
    return timezone.localtime(declaration.declared_at + WAITS_FOR_A_SECOND)
