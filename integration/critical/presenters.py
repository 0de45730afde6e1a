from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Area, Point, square_miles
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import maps, times
from fusus_portal.ground.pages.components import Action, Mark
from fusus_portal.ground.pages.numbers import in_feet
from integration.critical import policies, selectors
from integration.critical.models import Declaration, DeclarationKind
from integration.critical.states import DeclarationState
from integration.sharing.policies import GLASS_TERMS
from registry.access_log import policies as access_log
from registry.access_log.presenters.looks import through_glass
from registry.canvasses.policies import may_delay
from registry.canvasses.selectors import asked_by_name
from registry.incidents.hooks import IncidentTab
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.incidents.presenters import tabs
from registry.incidents.selectors import assigned_among
from registry.places.models import Camera

TAB = IncidentTab(url_name="critical", label=gettext_lazy("Live"), permission=Permission.VIEW_LIVE, place=30)


def glass_sentence(declaration: Declaration) -> str:
    """Return where the glass was broken and who did it, as owners read it. Select the incident and its people."""
    where = _("The glass was broken at %(place)s.") % {"place": declaration.incident.place}
    return f"{where} {through_glass(selectors.glass_facts(declaration))}".strip()


def delay_links(incident: Incident, user: User) -> list[tuple[Camera, str]]:
    """Return viewed cameras, each with the address where the user may delay that its owner learns who looked."""
    refused = why_not(partial(incidents.must_be_open, incident)) or why_not(partial(may_delay, user, incident))
    cameras = [] if refused else selectors.viewed_cameras(incident)
    return [
        (camera, reverse("look_delay_new", args=[incident.pk, camera.pk]))
        for camera in cameras
        if not why_not(partial(access_log.must_be_delayable, user, camera, incident))
    ]


@dataclass(frozen=True, slots=True)
class State:
    """Declarations of an incident. in_force: by the clock. waiting: for a second person. broken: with broken glass."""

    incident: Incident
    in_force: Declaration | None
    waiting: Declaration | None
    broken: Declaration | None

    @property
    def owes(self) -> bool:
        return self.broken is not None and self.broken.justified_at is None


def state_of(incident: Incident) -> State:
    current, broken = selectors.in_force(incident), selectors.broken(incident)
    by_clock = current if policies.is_in_force(current, timezone.now()) else None
    if broken is not None:
        broken.incident = incident
    return State(incident, by_clock, selectors.waiting(incident), broken)


def critical_section(incident: Incident, user: User) -> dict[str, Any]:
    state = state_of(incident)
    tag, kind = _tag(state)
    return {
        "incident": incident,
        "tag": tag,
        "kind": kind,
        "lines": _said(state),
        "waits": _waits(state),
        "owes": _owes(state),
        "actions": _actions(state, user),
        "delays": delay_links(incident, user),
    }


def declared_areas(incident: Incident, user: User) -> list[maps.MappedArea]:
    """Return the declared circle while it counts, with how many owners of one camera were asked by name and replied.

    For people assigned to the incident also its number of connected cameras.
    """
    declaration = selectors.in_force(incident)
    until = critical_until(declaration)
    if declaration is None or not until:
        return []
    works_here = not why_not(partial(incidents.may_work_on, user, incident))
    area = Area(declaration.point, declaration.radius_m)
    asked, replied = asked_by_name(incident, area)
    counted = _("%(asked)d asked by name, %(replied)d replied") % {"asked": asked, "replied": replied}
    text = f"{until} · {circle_in_words(declaration.radius_m)} · {counted}"
    if works_here:
        number = len(selectors.cameras_nearby(declaration))
        said = ngettext("%(number)d connected camera", "%(number)d connected cameras", number)
        text += f" · {said % {'number': number}}"
    link, url = (_("See cameras live"), reverse("incident_live", args=[incident.pk])) if works_here else ("", "")
    return [maps.MappedArea(area, "declared", "declared", counted, text, link, url)]


def critical_marks(incidents: Sequence[Incident], user: User) -> dict[UUID, Mark]:
    """Return the marks of critical incidents in lists: until when, and for people assigned a link to live view."""
    declared = selectors.in_force_of(incidents, now=timezone.now())
    works_on = assigned_among(declared, user) if has(user.role, Permission.VIEW_LIVE) else set()
    found = {}
    for pk, declaration in declared.items():
        live = reverse("incident_live", args=[pk]) if pk in works_on else ""
        found[pk] = Mark(critical_until(declaration), _("See cameras live"), live)
    return found


def critical_until(declaration: Declaration | None) -> str:
    """Return "Critical until 8:31 p.m. CST", or "" if the declaration is not in force by the clock."""
    if declaration is None or declaration.ends_at is None or not policies.is_in_force(declaration, timezone.now()):
        return ""
    return _("Critical until %(moment)s") % {"moment": times.hour(declaration.ends_at)}


def critical_page(incident: Incident, user: User) -> dict[str, Any]:
    state = state_of(incident)
    drawn = state.waiting or state.in_force
    return {
        **tabs.head(incident, user, TAB.url_name),
        "section": critical_section(incident, user),
        "history": [_line(each) for each in selectors.of_incident(incident)],
        **map_of_circle(incident, drawn.point if drawn else incident.point, drawn.radius_m if drawn else None),
    }


def map_of_circle(incident: Incident, center: Point, radius_m: float | None) -> dict[str, Any]:
    return {
        "center": maps.pair(center),
        "radius": f"{radius_m:.0f}" if radius_m else "",
        "places": [maps.place(incident.point, incident.place, kind="incident")],
        **maps.ground(),
    }


def declaration_to_check(incident: Incident, *, point: Point, radius_m: float, reason: str) -> dict[str, Any]:
    rows = [(_("Incident"), _named(incident)), (_("Circle"), circle_in_words(radius_m)), (_("Reason"), reason)]
    beyond = policies.is_beyond_limits(radius_m)
    return {"incident": incident, "facts": rows, "beyond": beyond, **map_of_circle(incident, point, radius_m)}


def terms_of_glass() -> list[str]:
    return [
        _(
            "It lasts 30 minutes and can be done once for an incident. One person asks or confirms at most twice "
            "in 7 days."
        ),
        _("A camera that was viewed under another broken glass in the last 24 hours stays closed."),
        str(GLASS_TERMS),
        _("What owners forbid stays forbidden: “never”, their hours, and a pause."),
        _(
            "Supervisors, administrators and auditors are told at that moment. The one who asked or the one who "
            "confirmed must say why within a week."
        ),
    ]


def own_declaration(user: User, incident: Incident) -> list[str]:
    """Return advice to a supervisor who is asked to break glass, and could verify and declare instead; else nothing."""
    verified = incident.is_verified or not why_not(partial(incidents.may_verify, user, incident))
    if not verified or why_not(partial(policies.may_declare, user, incident)):
        return []
    return [_("You are a supervisor: you can verify the incident and declare it critical. Then no glass is broken.")]


def declaration_facts(declaration: Declaration) -> list[tuple[str, str]]:
    incident = declaration.incident
    rows = [
        (_("Incident"), _named(incident)),
        (_("Circle"), circle_in_words(declaration.radius_m)),
        (_("Declared by") if declaration.ends_at else _("Asked by"), _who(declaration)),
        (_("Reason"), declaration.reason),
    ]
    if declaration.is_glass and not incident.is_verified:
        rows.append((_("Verified"), _("Nobody has verified this incident.")))
    if declaration.ends_at:
        rows.append((_("In force until"), times.moment(declaration.ends_at)))
    return rows


def circle_in_words(radius_m: float) -> str:
    """Return a circle as "radius 1,640 ft, 0.30 square miles"."""
    said = {"feet": f"{in_feet(radius_m):,}", "area": square_miles(radius_m)}
    return _("radius %(feet)s ft, %(area).2f square miles") % said


def _named(incident: Incident) -> str:
    return f"{incident.number} · {incident.type}, {incident.place}"


def _tag(state: State) -> tuple[str, str]:
    if until := critical_until(state.in_force):
        return until, "warn"
    if state.waiting:
        return _("Waits for a second person"), "warn"
    return _("Not critical"), "quiet"


def _said(state: State) -> list[str]:
    found = state.in_force
    said = [glass_sentence(state.broken)] if state.broken else []
    if found is None or found.starts_at is None:
        return [*said, _("No connected camera can be seen live for this incident.")]
    said.append(f"{_who(found)} · {times.moment(found.starts_at)} · {circle_in_words(found.radius_m)}")
    if found.kind == DeclarationKind.BREAK_GLASS:
        said.append(_("Supervisors, administrators and auditors were told at that moment."))
        if not state.incident.is_verified:
            said.append(_("Nobody has verified the incident: the limits of search, and its 24 hours, are as before."))
    return said


def _waits(state: State) -> str:
    found = state.waiting
    if found is None or found.declared_by is None:
        return ""
    what = {
        DeclarationKind.SUPERVISOR: _("%(who)s asks a second supervisor to confirm a circle: %(circle)s."),
        DeclarationKind.BREAK_GLASS: _("%(who)s asks another deputy or supervisor to break the glass."),
    }[DeclarationKind(found.kind)]
    return what % {"who": found.declared_by.pseudonym, "circle": circle_in_words(found.radius_m)}


def _owes(state: State) -> str:
    if not state.owes or state.broken is None or state.broken.justify_by is None:
        return ""
    if state.broken.overdue_at:
        return _("Overdue: nobody has said why the glass was broken.")
    moment = times.moment(state.broken.justify_by)
    sentence = _("%(who)s broke the glass. One of them must say why by %(moment)s.")
    return sentence % {"who": _who(state.broken), "moment": moment}


def _actions(state: State, user: User) -> list[Action]:
    if not incidents.is_open(state.incident):
        return _of_glass(state, user) if state.owes else []
    not_critical = "" if state.in_force else _("The incident must be declared critical first.")
    reason = not_critical or why_not(partial(incidents.may_work_on, user, state.incident))
    live = _page("live", _("See cameras live"), "incident_live", state.incident.pk, reason)
    return [live, *_of_supervisors(state, user), *_of_glass(state, user), *_end(state, user)]


def _of_supervisors(state: State, user: User) -> list[Action]:
    if not has(user.role, Permission.DECLARE):
        return []
    incident, waiting, current = state.incident, state.waiting, state.in_force
    found = []
    if waiting and waiting.kind == DeclarationKind.SUPERVISOR:
        reason = why_not(partial(policies.may_second_declaration, user, waiting, incident))
        found.append(_page("second", _("Check and confirm"), "declaration_second", waiting.pk, reason))
    if current and current.kind != DeclarationKind.BREAK_GLASS:
        reason = why_not(partial(policies.may_renew_declaration, user, current, incident))
        found.append(_page("renew", _("Declare it again"), "declaration_renew", current.pk, reason))
    else:
        first = selectors.first_at(incident)
        reason = (
            why_not(partial(policies.must_be_declarable, incident))
            or why_not(partial(policies.may_declare, user, incident))
            or why_not(partial(policies.last_moment_of_day, first, timezone.now(), incident=incident))
        )
        found.append(
            _page("declare", _("Declare it critical"), "critical_declare", incident.pk, reason, quiet=bool(waiting))
        )
    return found


def _of_glass(state: State, user: User) -> list[Action]:
    incident, waiting = state.incident, state.waiting
    if state.owes and state.broken:
        reason = why_not(partial(policies.may_justify_glass, user, state.broken))
        return [_page("justify", _("Say why"), "glass_justify", state.broken.pk, reason)]
    if waiting and waiting.kind == DeclarationKind.BREAK_GLASS:
        reason = why_not(partial(policies.may_second_declaration, user, waiting, incident))
        return [_page("glass", _("Break the glass"), "glass_confirm", waiting.pk, reason)]
    if state.in_force or waiting:
        return []
    reason = (
        why_not(partial(incidents.may_work_on, user, incident))
        or why_not(partial(policies.must_have_whole_glass, incident, was_broken=state.broken is not None))
        or why_not(partial(policies.may_break_glass, user, incident))
    )
    return [_page("glass", _("Break the glass"), "glass_ask", incident.pk, reason, quiet=True)]


def _end(state: State, user: User) -> list[Action]:
    found = []
    if state.in_force:
        reason = why_not(partial(incidents.may_see, user, state.incident))
        found.append(_page("end", _("End it"), "declaration_end", state.in_force.pk, reason, quiet=True))
    if state.waiting and not why_not(partial(policies.may_decline_declaration, user, state.waiting, state.incident)):
        found.append(Action("decline", _("Drop it"), reverse("declaration_decline", args=[state.waiting.pk])))
    return found


def _line(declaration: Declaration) -> tuple[str, str, list[str]]:
    kinds = {DeclarationState.IN_FORCE: "warn", DeclarationState.PROPOSED: "warn"}
    label = str(declaration.get_state_display())
    if declaration.state == DeclarationState.ENDED:
        label = str(declaration.get_end_display())
    begun, over = declaration.starts_at or declaration.declared_at, declaration.ended_at or declaration.ends_at
    when = times.window(begun, over) if over else times.moment(begun)
    lines = [f"{_who(declaration)} · {circle_in_words(declaration.radius_m)}", declaration.reason, when]
    if declaration.kind == DeclarationKind.BREAK_GLASS and declaration.starts_at:
        lines.append(_justified(declaration) or _("Nobody has said yet why the glass was broken."))
    return label, kinds.get(DeclarationState(declaration.state), "quiet"), lines


def _justified(declaration: Declaration) -> str:
    if declaration.justified_at is None or declaration.justified_by is None:
        return ""
    sentence = _("Why the glass was broken, as %(who)s wrote on %(day)s: %(text)s")
    day = times.moment(declaration.justified_at)
    return sentence % {"who": declaration.justified_by.pseudonym, "day": day, "text": declaration.justification}


def _who(declaration: Declaration) -> str:
    if declaration.declared_by is None:
        return str(declaration.get_kind_display())
    people = [declaration.declared_by, *([declaration.seconded_by] if declaration.seconded_by else [])]
    return _(" and ").join(person.pseudonym for person in people)


def _page(name: str, label: str, address: str, pk: UUID, reason: str, *, quiet: bool = False) -> Action:
    return Action(name, label, reverse(address, args=[pk]), reason, is_link=True, quiet=quiet)
