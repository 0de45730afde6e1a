"""Messages about declarations. Each is built from ids when it is rendered, so no link is ever stored."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind
from integration.critical.models import Declaration
from integration.rules import WAITS_FOR_A_SECOND


class GlassOverdueMessage(AgencyKind, kind=MessageKind.GLASS_OVERDUE):
    purpose = _(
        "Tells supervisors, administrators and auditors that nobody wrote within a week why the glass was broken."
    )
    subject = _("Nobody has said why the glass was broken, incident %(incident_number)s")
    needs = "incident_number broken_at first second link"
    about_incident = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: declaration (id), role of the reader. A role that sees no incident gets a link to its start page."""
        declaration = _declaration(context)
        sees = context["role"] == Role.SUPERVISOR
        page = reverse("incident", args=[declaration.incident_id]) if sees else reverse("console")
        return {
            **_said(declaration),
            "broken_at": timezone.localtime(declaration.starts_at),
            "link": absolute(page),
        }


class GlassAskedMessage(AgencyKind, kind=MessageKind.GLASS_ASKED):
    purpose = _("Asks the other deputies and supervisors to break the glass with the one who asks.")
    subject = _("A second person is needed now, incident %(incident_number)s")
    needs = "incident_number first until link"
    about_incident = True
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: declaration (id), role of the reader. until: when the request for a second person is dropped."""
        declaration = _declaration(context)
        page = reverse("glass_confirm", args=[declaration.pk])
        return {**_said(declaration), "until": _dropped_at(declaration), "link": absolute(page)}


class GlassBrokenMessage(AgencyKind, kind=MessageKind.GLASS_BROKEN):
    purpose = _("Tells supervisors, administrators and auditors at that moment that two people broke the glass.")
    subject = _("The glass was broken, incident %(incident_number)s")
    needs = "incident_number first second until can_end link"
    about_incident = True
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: declaration (id), role of the reader. until: when it ends. can_end: the reader is a supervisor."""
        declaration = _declaration(context)
        can_end = context["role"] == Role.SUPERVISOR
        page = reverse("critical", args=[declaration.incident_id]) if can_end else reverse("console")
        until = timezone.localtime(declaration.ends_at)
        return {**_said(declaration), "until": until, "can_end": can_end, "link": absolute(page)}


class CriticalLookMessage(AgencyKind, kind=MessageKind.CRITICAL_LOOK):
    purpose = _("Asks the other supervisors to look at a declaration that one of them must confirm.")
    subject = _("A declaration waits for you, incident %(incident_number)s")
    needs = "incident_number first until link"
    about_incident = True
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: declaration (id), role of the reader. until: when a second supervisor is asked no more."""
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
