from collections.abc import Iterable, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from audit import hooks as audit_hooks
from audit.log.actors import Subject
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.lookup.finders import Finder, Found, Typed, finders
from fusus_portal.ground.pages import times
from fusus_portal.ground.worklist import sources
from fusus_portal.ground.worklist.sources import Act, Source, Telling, WorkItem, link_act
from registry.incidents import hooks as incident_hooks, selectors
from registry.incidents.models import Correction, Incident, JoinQuestion
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters import incidents as incident_presenters, tabs


def work_to_verify(user: User) -> list[WorkItem]:
    """Return the incidents to verify. about: the latest correction of one; a corrected incident counts as new work."""
    found = list(selectors.incidents_to_verify(user))
    corrected = selectors.latest_corrections(found)
    return [_to_verify(each, corrected.get(each.pk, each).subject) for each in found]


def _to_verify(incident: Incident, about: Subject) -> WorkItem:
    call = reverse("incident_call", args=[incident.pk])
    return _work_of(
        _("To verify"),
        incident,
        url=call,
        due=incident_policies.lapses_at(incident),
        at_due=_("closes in %(time)s"),
        about=about,
        is_call=True,
        act=link_act(_("Verify"), call, incident.number),
    )


def work_to_correct(user: User) -> list[WorkItem]:
    return [_to_correct(each) for each in selectors.corrections_to_make(user)]


def _to_correct(correction: Correction) -> WorkItem:
    incident, page = correction.incident, reverse("incident_change", args=[correction.incident_id])
    return WorkItem(
        _("Sent back"),
        "warn",
        _named(incident),
        page,
        due=incident_policies.lapses_at(incident),
        at_due=_("closes in %(time)s"),
        about=correction.subject,
        on_map=incident.pk,
        where=incident.place,
        act=link_act(_("Correct it"), page, incident.number),
    )


def work_without_room(user: User) -> list[WorkItem]:
    """Return people with too many unverified incidents. about: the latest one; a newer one counts as new work."""
    found = selectors.openers_without_room(user)
    may = {each.pk for each in selectors.incidents_to_verify(user)} if found else set()
    return [_without_room(opener, own, next((each for each in own if each.pk in may), None)) for opener, own in found]


def _without_room(opener: User, own: Sequence[Incident], first: Incident | None) -> WorkItem:
    """Return a person with too many unverified incidents. first: the oldest that the reader may verify, or None."""
    text = _("%(person)s can open no other incident: nobody has verified %(number)d")
    call = reverse("incident_call", args=[first.pk]) if first else ""
    return WorkItem(
        _("Verify one"),
        "bad",
        text % {"person": opener.pseudonym, "number": len(own)},
        call or f"{reverse('incidents')}?{urlencode({'standing': selectors.IncidentStanding.UNVERIFIED})}",
        due=incident_policies.lapses_at(own[0]),
        at_due=_("the first closes in %(time)s"),
        about=own[-1].subject,
        where=times.oldest(_named(first), first.opened_at, len(own)) if first else "",
        act=link_act(_("Verify"), call, first.number) if first else None,
        is_call=first is not None,
    )


def work_unverified(user: User) -> list[WorkItem]:
    return [
        _work_of(_("Not verified"), each, due=incident_policies.lapses_at(each), at_due=_("closes in %(time)s"))
        for each in selectors.incidents_to_be_verified(user)
    ]


def work_closed(user: User) -> list[WorkItem]:
    return [
        _work_of(
            _("Closed"),
            each,
            kind="quiet",
            due=incident_policies.reopens_until(each),
            at_due=_("can be taken back for %(time)s"),
            act=Act(label=_("Take it back"), url=reverse("incident_reopen", args=[each.pk]), about=each.number),
        )
        for each in selectors.incidents_closed_by(user)
    ]


def work_differing(user: User) -> list[WorkItem]:
    return [
        _work_page(_("Dispatch differs"), each.incident, _("Compare"), part="difference")
        for each in selectors.differences_to_settle(user)
    ]


def work_without_people(user: User) -> list[WorkItem]:
    return [
        _work_page(_("Assign people"), each, _("Assign"), part="people")
        for each in selectors.incidents_without_people(user)
    ]


def work_keys(user: User) -> list[WorkItem]:
    text = _("A key of dispatch · %(source)s")
    url = reverse("dispatch_keys")
    return [
        WorkItem(
            _("To approve"),
            "warn",
            text % {"source": each.source},
            url,
            about=each.subject,
            act=link_act(_("Decide"), url, each.source),
        )
        for each in selectors.proposed_keys().exclude(proposed_by=user)
    ]


def work_flagged(user: User) -> list[WorkItem]:
    opens = has(user.role, Permission.OPEN_INCIDENT)
    return [
        WorkItem(
            _("Not verified in time"),
            "warn",
            _("%(number)s · %(type)s closed automatically, %(day)s")
            % {"number": each.number, "type": each.type, "day": times.day(each.lapsed_at)},
            reverse("incident", args=[each.pk]) if opens else f"{reverse('audit')}?{urlencode({'incident': each.pk})}",
            on_map=each.pk if opens else None,
            where=each.place,
            is_news=True,
        )
        for each in selectors.flagged_incidents(user)
        if each.lapsed_at is not None
    ]


def _work_page(tag: str, incident: Incident, label: str, *, part: str) -> WorkItem:
    """Return an incident that waits for an act on its own page. part: id of its heading there."""
    page = f"{reverse('incident', args=[incident.pk])}#{part}"
    return _work_of(tag, incident, url=page, about=incident.subject, act=link_act(label, page, incident.number))


def _work_of(tag: str, incident: Incident, *, kind: str = "warn", url: str = "", **more: object) -> WorkItem:
    opener = incident.opened_by.name if incident.opened_by_id else incident.get_source_display()
    said = {"of": incident, "where": incident.place, "who": opener, **more}
    return WorkItem(tag, kind, _named(incident), url or reverse("incident", args=[incident.pk]), **said)  # type: ignore[arg-type]


def _named(incident: Incident) -> str:
    return f"{incident.number} · {incident.type}"


def work_asked(user: User) -> list[WorkItem]:
    return [
        _work_of(
            _("Asks to join"),
            each.incident,
            url=f"{reverse('incident', args=[each.incident_id])}#joins",
            who=each.asked_by.name,
            due=each.ends_at,
            at_due=_("ends in %(time)s"),
            about=each.subject,
            act=Act(
                label=_("Let join"),
                url=reverse("join_admit", args=[each.incident_id, each.pk]),
                about=each.asked_by.name,
                stays=True,
            ),
        )
        for each in selectors.questions_to_answer(user)
        if each.incident is not None
    ]


def work_joined(user: User) -> list[WorkItem]:
    return [
        _work_of(_("You joined"), each.incident, kind="good", is_news=True, as_of=str(each.pk))
        for each in selectors.own_admitted_questions(user)
        if each.incident is not None
    ]


SOURCES = (
    Source(
        name="incidents_to_verify",
        permission=Permission.VERIFY_INCIDENT,
        find=work_to_verify,
        telling=Telling(
            words=ngettext_lazy(
                "An incident waits to be verified.", "%(number)d incidents wait to be verified.", "number"
            ),
            waits=lambda: selectors.unverified_incidents().exists(),
            before=timedelta(hours=3),
        ),
    ),
    Source(
        name="incidents_to_correct",
        permission=Permission.OPEN_INCIDENT,
        find=work_to_correct,
        telling=Telling(
            words=ngettext_lazy(
                "An incident of yours was sent back to be corrected.",
                "%(number)d incidents of yours were sent back to be corrected.",
                "number",
            ),
            waits=lambda: selectors.uncorrected().exists(),
            before=timedelta(hours=3),
        ),
    ),
    Source(
        name="incidents_without_room",
        permission=Permission.VERIFY_INCIDENT,
        find=work_without_room,
        telling=Telling(
            words=ngettext_lazy(
                "Somebody can open no other incident until you verify one of theirs.",
                "%(number)d people can open no other incident until you verify one of theirs.",
                "number",
            ),
            waits=lambda: selectors.unverified_incidents().exists(),
        ),
    ),
    Source(name="incidents_unverified", permission=Permission.OPEN_INCIDENT, find=work_unverified),
    Source(name="incidents_closed", permission=Permission.OPEN_INCIDENT, find=work_closed),
    Source(
        name="dispatch_differs",
        permission=Permission.VERIFY_INCIDENT,
        find=work_differing,
        telling=Telling(
            words=ngettext_lazy(
                "Dispatch says something else of an incident than the portal does.",
                "Dispatch says something else of %(number)d incidents than the portal does.",
                "number",
            ),
            waits=lambda: selectors.unsettled_differences().exists(),
        ),
    ),
    Source(
        name="incidents_without_people",
        permission=Permission.VERIFY_INCIDENT,
        find=work_without_people,
        telling=Telling(
            words=ngettext_lazy(
                "Nobody works on an incident that dispatch opened.",
                "Nobody works on %(number)d incidents that dispatch opened.",
                "number",
            ),
            waits=lambda: selectors.incidents_with_nobody().exists(),
        ),
    ),
    Source(
        name="dispatch_keys",
        permission=Permission.ADMINISTER,
        find=work_keys,
        telling=Telling(
            words=ngettext_lazy(
                "A key of dispatch waits for a second administrator.",
                "%(number)d keys of dispatch wait for a second administrator.",
                "number",
            ),
            waits=lambda: selectors.proposed_keys().exists(),
        ),
    ),
    Source(name="incidents_flagged", permission=Permission.SEE_CONSOLE, find=work_flagged),
    Source(
        name="joins_to_answer",
        permission=Permission.OPEN_INCIDENT,
        find=work_asked,
        telling=Telling(
            words=ngettext_lazy(
                "Somebody asks to join an incident of yours.",
                "%(number)d people ask to join incidents of yours.",
                "number",
            ),
            waits=lambda: selectors.questions_waiting().exists(),
            before=timedelta(hours=1),
        ),
    ),
    Source(name="joins_admitted", permission=Permission.OPEN_INCIDENT, find=work_joined),
)


PANELS = incident_hooks.Panels(
    name="incidents",
    tabs=[tabs.OVERVIEW, tabs.CANVASSES, tabs.LOG],
    sections=[
        incident_hooks.IncidentSection(
            name="correction",
            template="registry/incidents/incident/correction.html",
            page=tabs.correction_section,
            place=3,
        ),
        incident_hooks.IncidentSection(
            name="joins", template="registry/joins/section.html", page=incident_presenters.join_section, place=5
        ),
    ],
    marks=tabs.correction_marks,
)


def register() -> None:
    sources.register(*SOURCES)
    audit_hooks.understand(incidents_numbered)
    audit_hooks.name_by("incident", audit_hooks.field(Incident.objects.all(), "number"))
    audit_hooks.name_by("join", audit_hooks.field(JoinQuestion.objects.all(), "number"))
    incident_hooks.panels.register(PANELS)
    finders.register(FINDER)
    agency.register_sections(
        agency.Section(
            url_name="incident_types",
            title=gettext_lazy("Crimes and emergencies"),
            text=gettext_lazy("What footage may be asked for, and how incident numbers are written."),
            group=agency.Group.REQUESTS,
            place=40,
            words=gettext_lazy("types, numbers, case numbers, format"),
        ),
        agency.Section(
            url_name="dispatch_keys",
            title=gettext_lazy("Dispatch"),
            text=gettext_lazy("The keys of the dispatch system, whose incidents count as verified."),
            group=agency.Group.REQUESTS,
            place=50,
            words=gettext_lazy("CAD, keys, 911"),
            note=_keys_that_wait,
        ),
    )


def incidents_numbered(text: str) -> Iterable[audit_hooks.Meaning]:
    found = Incident.objects.filter(number=text.upper())
    return [
        audit_hooks.Meaning(
            _("Incident %(number)s") % {"number": each.number},
            incidents=(str(each.pk),),
            subjects=(("incident", str(each.pk)),),
        )
        for each in found
    ]


def incidents_found(by: User, typed: Typed) -> Iterable[Found]:
    rows = list(selectors.visible_to(by).filter(number__in=incident_policies.numbers_meant(typed)))
    found = incident_presenters.marks_of_incidents(rows, by)
    return [
        Found(
            each.number,
            reverse("incident", args=[each.pk]),
            note=" ".join(mark.text for mark in found[each.pk]),
            page_says_it=True,
        )
        for each in rows
    ]


def numbers_found(typed: Typed) -> Iterable[str]:
    rows = Incident.objects.filter(number__in=incident_policies.numbers_meant(typed))
    return rows.values_list("number", flat=True)


FINDER = Finder(
    name="incidents",
    kind=gettext_lazy("Incident"),
    permission=Permission.OPEN_INCIDENT,
    example=incident_policies.example,
    find=incidents_found,
    logged=numbers_found,
)


def _keys_that_wait() -> str:
    number = selectors.proposed_keys().count()
    text = ngettext("%(number)d key waits for approval.", "%(number)d keys wait for approval.", number)
    return text % {"number": number} if number else ""
