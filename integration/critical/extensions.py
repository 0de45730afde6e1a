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
    return [_to_second(each) for each in selectors.waits_for(user) if not why_not(partial(may, each, each.incident))]


def _to_second(declaration: Declaration) -> sources.WorkItem:
    incident = declaration.incident
    page = reverse("glass_confirm" if declaration.is_glass else "declaration_second", args=[declaration.pk])
    return sources.WorkItem(
        _("Break the glass") if declaration.is_glass else _("To confirm"),
        "warn",
        f"{incident.number} · {incident.type}",
        page,
        due=declaration.declared_at + WAITS_FOR_A_SECOND,
        at_due=_("ends in %(time)s"),
        on_map=incident.pk,
        where=incident.place,
        who=declaration.declared_by.name if declaration.declared_by else "",
        act=sources.link_act(_("Decide"), page, incident.number),
    )


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
            on_map=each.incident_id,
            where=each.incident.place,
            act=sources.link_act(_("Write why"), reverse("glass_justify", args=[each.pk]), each.incident.number),
        )
        for each in selectors.to_justify(user)
    ]


def declarations_in_force(user: User) -> list[sources.WorkItem]:
    own = selectors.all_in_force(timezone.now()).filter(incident__in=incidents.incidents_of(user))
    return [
        sources.WorkItem(
            _("Critical"),
            "bad",
            f"{each.incident.number} · {each.incident.type}",
            reverse("critical", args=[each.incident_id]),
            due=each.ends_at,
            at_due=_("ends in %(time)s"),
            on_map=each.incident_id,
            where=each.incident.place,
            act=sources.link_act(
                _("See live"), reverse("incident_live", args=[each.incident_id]), each.incident.number
            ),
        )
        for each in own.select_related("incident__type").order_by("-incident__opened_at", "incident")
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
        on_map=declaration.incident_id if sees else None,
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
            outlines=presenters.declared_outlines,
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
