from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext, ngettext_lazy

from audit import hooks as audit_hooks
from audit.log.actors import Actor
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.worklist import sources
from integration.critical import policies, presenters, selectors, services
from integration.critical.models import Declaration, DeclarationEnd
from integration.hooks import permission_changed
from integration.rules import WAITS_FOR_A_SECOND
from registry.incidents import hooks, selectors as incidents
from registry.incidents.models import Incident


def declarations_to_second(user: User) -> list[sources.WorkItem]:
    """Return the declarations that a user may confirm as the second person. A message told the user of each."""
    may = partial(policies.may_second_declaration, user)
    return [
        sources.WorkItem(
            _("Break the glass") if each.is_glass else _("To confirm"),
            "warn",
            f"{each.incident.number} · {each.incident.type}",
            reverse("glass_confirm" if each.is_glass else "declaration_second", args=[each.pk]),
            due=each.declared_at + WAITS_FOR_A_SECOND,
            at_due=_("ends in %(time)s"),
        )
        for each in selectors.waits_for(user)
        if not why_not(partial(may, each, each.incident))
    ]


def glass_to_justify(user: User) -> list[sources.WorkItem]:
    return [
        sources.WorkItem(
            _("Say why"),
            "warn",
            _("Why the glass was broken · %(number)s") % {"number": each.incident.number},
            reverse("glass_justify", args=[each.pk]),
            due=each.justify_by,
            at_due=_("due in %(time)s"),
            about=each.subject,
        )
        for each in selectors.to_justify(user)
    ]


def declarations_in_force(user: User) -> list[sources.WorkItem]:
    own = {each.pk: each for each in incidents.incidents_of(user)}
    found = selectors.in_force_of(own.values(), now=timezone.now())
    return [
        sources.WorkItem(
            _("Critical"),
            "bad",
            f"{own[each.incident_id].number} · {own[each.incident_id].type}",
            reverse("critical", args=[each.incident_id]),
            due=each.ends_at,
            at_due=_("ends in %(time)s"),
        )
        for each in found.values()
    ]


def broken_glass(user: User) -> list[sources.WorkItem]:
    sees = has(user.role, Permission.DECLARE)
    if not (sees or has(user.role, Permission.AUDIT)):
        return []
    now = timezone.now()
    return [_broken(each, now, sees=sees) for each in selectors.glass_to_know(now)]


def _broken(declaration: Declaration, now: datetime, *, sees: bool) -> sources.WorkItem:
    """Return broken glass as an item of a start page. sees: the reader may see the incident; else the log is linked."""
    runs = policies.is_in_force(declaration, now)
    log = f"{reverse('audit')}?{urlencode({'incident': declaration.incident_id})}"
    return sources.WorkItem(
        _("Broken glass"),
        "bad",
        f"{declaration.incident.number} · {presenters.glass_sentence(declaration)}",
        reverse("critical", args=[declaration.incident_id]) if sees else log,
        due=declaration.ends_at if runs else declaration.justify_by,
        at_due=_("ends in %(time)s") if runs else _("to be explained in %(time)s"),
        is_pinned=True,
    )


INBOX_SOURCES = (
    sources.Source(name="declarations_to_confirm", permission=Permission.VIEW_LIVE, find=declarations_to_second),
    sources.Source(name="declarations_in_force", permission=Permission.VIEW_LIVE, find=declarations_in_force),
    sources.Source(
        name="glass_to_justify",
        permission=Permission.VIEW_LIVE,
        find=glass_to_justify,
        telling=sources.Telling(
            words=ngettext_lazy(
                "You have not written yet why the glass was broken.",
                "You have not written yet why the glass was broken, %(number)d times.",
                "number",
            ),
            waits=lambda: selectors.unwritten().exists(),
            at_once=False,  # the two know: they broke it
            before=timedelta(days=1),
        ),
    ),
    sources.Source(name="glass_broken", permission=Permission.SEE_CONSOLE, find=broken_glass),
)


changed = partial(services.end_with_incident, how=DeclarationEnd.CHANGED)
closed = partial(services.end_with_incident, how=DeclarationEnd.CLOSED)


def register() -> None:
    sources.register(*INBOX_SOURCES)
    audit_hooks.name_by("declaration", audit_hooks.field(Declaration.objects.all(), "incident__number"))
    hooks.incidents.register(
        hooks.IncidentFollower(
            name="critical",
            confirmed=services.declare_by_type,
            changed=changed,
            closed=closed,
            unassigned=unassigned,
            closing=closing,
        )
    )
    hooks.panels.register(
        hooks.Panels(
            name="critical",
            tabs=(presenters.TAB,),
            sections=(
                hooks.IncidentSection(
                    name="critical",
                    template="integration/critical/section.html",
                    page=presenters.critical_section,
                    place=10,
                ),
            ),
            areas=presenters.declared_areas,
            marks=presenters.critical_marks,
        )
    )


def closing(incident: Incident) -> list[str]:
    views = incident.view_grants.filter(ended_at__isnull=True).count()
    said = []
    if views:
        said.append(
            ngettext("%(views)d live view ends at once.", "%(views)d live views end at once.", views) % {"views": views}
        )
    if selectors.in_force(incident):
        said.append(_("It is not critical any more: no camera can be seen live for it."))
    if selectors.waiting(incident):
        said.append(_("The question whether it is critical, which waits for a second person, is dropped."))
    return said


def unassigned(incident: Incident, user: User, actor: Actor) -> None:
    permission_changed.answer(actor=actor, incident=incident.pk, deputy=user.pk)
