from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem
from integration.critical import glass, selectors
from integration.critical.models import Declaration
from integration.critical.policies import declarations
from integration.rules import WAITS_FOR_A_SECOND
from registry.incidents import selectors as incidents

JUSTIFY_BEFORE = timedelta(days=1)


def to_second(user: User) -> list[WorkItem]:
    """Return the declarations that this person may confirm. The act itself wrote to them."""
    return [_to_second(each) for each in selectors.waits_for(user) if _can_second(user, each)]


def to_justify(user: User) -> list[WorkItem]:
    return [
        WorkItem(
            _("Say why"),
            "warn",
            _why(each),
            reverse("glass_justify", args=[each.pk]),
            due=each.justify_by,
            at_due=_("due in %(time)s"),
            about=each.subject,
        )
        for each in selectors.to_justify(user)
    ]


def in_force(user: User) -> list[WorkItem]:
    own = {each.pk: each for each in incidents.incidents_of(user)}
    found = selectors.in_force_of(own.values(), now=timezone.now())
    return [
        WorkItem(
            _("Critical"),
            "bad",
            f"{own[each.incident_id].number} · {own[each.incident_id].type}",
            reverse("critical", args=[each.incident_id]),
            due=each.ends_at,
            at_due=_("ends in %(time)s"),
        )
        for each in found.values()
    ]


def broken(user: User) -> list[WorkItem]:
    sees = has(user.role, Permission.DECLARE)
    if not (sees or has(user.role, Permission.AUDIT)):
        return []
    now = timezone.now()
    return [_broken(each, now, sees=sees) for each in selectors.glass_to_know(now)]


def _can_second(user: User, declaration: Declaration) -> bool:
    return not why_not(partial(declarations.may_second, user, declaration, declaration.incident))


def _to_second(declaration: Declaration) -> WorkItem:
    is_glass = declaration.is_glass
    name = "glass_confirm" if is_glass else "declaration_second"
    return WorkItem(
        _("Break the glass") if is_glass else _("To confirm"),
        "warn",
        f"{declaration.incident.number} · {declaration.incident.type}",
        reverse(name, args=[declaration.pk]),
        due=declaration.declared_at + WAITS_FOR_A_SECOND,
        at_due=_("ends in %(time)s"),
    )


def _broken(declaration: Declaration, now: datetime, *, sees: bool) -> WorkItem:
    """Return the line of broken glass. sees: the reader may see the incident; else it links to the log."""
    runs = declarations.is_in_force(declaration, now)
    log = f"{reverse('audit')}?{urlencode({'incident': declaration.incident_id})}"
    return WorkItem(
        _("Broken glass"),
        "bad",
        f"{declaration.incident.number} · {glass.said(declaration)}",
        reverse("critical", args=[declaration.incident_id]) if sees else log,
        due=declaration.ends_at if runs else declaration.justify_by,
        at_due=_("ends in %(time)s") if runs else _("to be explained in %(time)s"),
        is_pinned=True,
    )


def _why(declaration: Declaration) -> str:
    return _("Why the glass was broken · %(number)s") % {"number": declaration.incident.number}


SOURCES = (
    Source(name="declarations_to_confirm", permission=Permission.VIEW_LIVE, find=to_second),
    Source(name="declarations_in_force", permission=Permission.VIEW_LIVE, find=in_force),
    Source(
        name="glass_to_justify",
        permission=Permission.VIEW_LIVE,
        find=to_justify,
        telling=Telling(
            words=ngettext_lazy(
                "You have not written yet why the glass was broken.",
                "You have not written yet why the glass was broken, %(number)d times.",
                "number",
            ),
            waits=lambda: selectors.unwritten().exists(),
            at_once=False,  # the two know: they broke it
            before=JUSTIFY_BEFORE,
        ),
    ),
    Source(name="glass_broken", permission=Permission.SEE_CONSOLE, find=broken),
)
