from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import Error as DatabaseError
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.limits import CannotCount, TooManyRequests, spend
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.access.requests import evened
from fusus_portal.ground.access.source import network_of
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.held_files import takes_picture
from fusus_portal.ground.pages import components as pages, maps, times
from fusus_portal.ground.pages.acts import ActPage, Way, answer_done
from fusus_portal.ground.serving.lanes import urgent
from fusus_portal.ground.worklist import selectors as worklist, services as worklist_services
from registry.incidents import forms, selectors
from registry.incidents.dispatch_format import LARGEST_BYTES
from registry.incidents.models import NumberFormat
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters import incidents as incident_presenters, start, tabs, types as type_presenters
from registry.incidents.services import dispatch, incidents as incident_services, joins, types as type_services
from registry.rules import JOIN_QUESTION_LIFE, JOIN_QUESTIONS_A_DAY


@requires(Permission.SEE_CONSOLE, SAFE)
def console(request: SignedInRequest) -> HttpResponse:
    """Show the start page, and note the rows that it shows. They name no owner, so the page is no entry."""
    page = start.start_page(request.user, since=worklist.last_look(request.user))
    worklist_services.see(items=page["shown"], by=request.user)
    return render(request, "registry/incidents/start.html", page)


@requires(Permission.SEE_CONSOLE, SAFE)
def console_work(request: SignedInRequest) -> HttpResponse:
    """Return the waiting things, which the page fetches every few seconds: no look, nobody may sit in front of it."""
    since = times.of_address(request.GET.get("since", ""))
    return render(request, "registry/incidents/start_work.html", start.start_work(request.user, since=since))


@requires(Permission.SEE_CONSOLE, SAFE)
def work_open(request: SignedInRequest, row: UUID) -> HttpResponse:
    """Lead on to the page of a row, which leaves the list if it is news."""
    item = worklist.waiting_row(request.user, row)
    if item is None:
        messages.info(request, _("This does not wait for you any more."))
        return redirect("console")
    worklist_services.read(item=item, by=request.user)
    return redirect(item.url)


@requires(Permission.VERIFY_INCIDENT, FORM)
def incident_call(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the facts of an incident beside its row, and verify it by one press."""
    found = selectors.incident(request.user, pk)
    if request.method == "POST":
        incident_services.verify(incident=found, by=request.user)
        return answer_done(request, _("Verified: %(number)s.") % {"number": found.number}, "console")
    shown = incident_services.view(incident=found, by=request.user)
    return render(request, "registry/incidents/incident_call.html", start.call_page(shown, request.user))


A_PAGE = 25


@requires(Permission.OPEN_INCIDENT, SAFE)
def incident_search(request: SignedInRequest) -> HttpResponse:
    form = forms.IncidentSearchForm(request.GET, by=request.user)
    wanted = form.wanted()
    incident_services.look_through(by=request.user, standing=wanted["standing"], number=wanted["number"])
    listed = pages.filtered_list(form, selectors.search_incidents(request.user, **wanted), A_PAGE)
    incident_presenters.with_marks(listed["page"], request.user)
    context = {**listed, "sees_all": request.user.role == Role.SUPERVISOR}
    return render(request, "registry/incidents/incident_list.html", context)


@requires(Permission.OPEN_INCIDENT, FORM)
def incident_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.view(incident=selectors.incident(request.user, pk), by=request.user)
    form = forms.ChangeIncidentForm(
        request.POST or None, own=shown.type, initial=model_to_dict(shown, forms.ChangeIncidentForm.base_fields)
    )
    if changed := form.carry_out(incident_services.change, incident=shown, by=request.user):
        sentence = _("Saved.")
        if changed.is_verified:
            sentence = _("Saved. The incident stays verified: its new time is within the one that was verified.")
        elif shown.is_verified:
            sentence = _(
                "Saved. The incident is not verified any more: a supervisor who did not change it looks at it again."
            )
        messages.success(request, sentence)
        return redirect("incident", pk)
    incident_policies.must_be_open(shown)
    return render(
        request, "registry/incidents/incident_change.html", {**tabs.change_page(shown, request.user), **_with_map(form)}
    )


def _with_map(form: forms.ChangeIncidentForm) -> dict[str, Any]:
    center = f"{form['latitude'].value() or ''},{form['longitude'].value() or ''}"
    return {"form": form, "center": center if len(center) > 1 else "", **maps.ground()}


@requires(Permission.OPEN_INCIDENT, SAFE)
def incident(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.view(incident=selectors.incident(request.user, pk), by=request.user)
    form = forms.AssignForm(incident=shown) if has(request.user.role, Permission.VERIFY_INCIDENT) else None
    context = tabs.overview(shown, request.user) | {"assign_form": form}
    return render(request, "registry/incidents/incident.html", context)


@requires(Permission.OPEN_INCIDENT, SAFE)
def incident_canvasses(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.view(incident=selectors.incident(request.user, pk), by=request.user)
    return render(request, "registry/incidents/incident_canvasses.html", tabs.canvass_tab(shown, request.user))


@requires(Permission.OPEN_INCIDENT, SAFE)
def incident_log(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.view(incident=selectors.incident(request.user, pk), by=request.user)
    part = {name: request.GET.get(name, "") for name in ("kind", "before")}
    return render(request, "registry/incidents/incident_log.html", tabs.log_tab(shown, request.user, **part))


@requires(Permission.OPEN_INCIDENT, SAFE)
def incident_story(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.print_timeline(incident=selectors.incident(request.user, pk), by=request.user)
    return render(
        request, "registry/incidents/incident_story.html", incident_presenters.printed_story(shown, request.user)
    )


@requires(Permission.VERIFY_INCIDENT, POST)
def incident_verify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_services.verify(incident=selectors.incident(request.user, pk), by=request.user)
    return redirect("incident", pk)


@requires(Permission.VERIFY_INCIDENT, FORM)
def incident_send_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.view(incident=selectors.incident(request.user, pk), by=request.user)
    form = forms.SendBackForm(request.POST or None)
    if form.carry_out(incident_services.send_back, incident=shown, by=request.user):
        messages.success(request, _("Sent back. It is yours to verify again once somebody has corrected it."))
        return redirect("incident", pk)
    incident_policies.must_be_open(shown)
    incident_policies.may_send_back(request.user, shown)
    return incident_presenters.sending_back_page(shown).answer(request, form)


@urgent
@requires(Permission.OPEN_INCIDENT, FORM)
@evened
def incident_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.incident(request.user, pk)
    if request.method == "POST":
        incident_services.close(incident=found, by=request.user)
        sentence = _("Closed. For ten minutes you can take that back; then owners who could still answer are told.")
        messages.success(request, sentence)
        return redirect("incident", pk)
    shown = incident_services.view(incident=found, by=request.user)
    incident_policies.must_be_open(shown)
    return incident_presenters.closing_page(shown).answer(request)


@requires(Permission.OPEN_INCIDENT, POST)
def incident_reopen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_services.reopen(incident=selectors.incident(request.user, pk), by=request.user)
    messages.success(request, _("Taken back. The incident is open again, and no owner was told anything."))
    return redirect("incident", pk)


@requires(Permission.OPEN_INCIDENT, POST)
def incident_assign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.incident(request.user, pk)
    form = forms.AssignForm(request.POST, incident=found)
    if form.is_valid():
        incident_services.assign(incident=found, user=form.cleaned_data["user"], by=request.user)
        return redirect("incident", pk)
    shown = incident_services.view(incident=found, by=request.user)
    context = tabs.overview(shown, request.user) | {"assign_form": form}
    return render(request, "registry/incidents/incident.html", context, status=422)


@urgent
@requires(Permission.VERIFY_INCIDENT, POST)
def incident_unassign(request: SignedInRequest, pk: UUID, person: UUID) -> HttpResponse:
    found = selectors.incident(request.user, pk)
    incident_services.unassign(incident=found, user=selectors.person_on(found, person), by=request.user)
    return redirect("incident", pk)


DISPATCH_RATE: Final = "60/m"
DISPATCH_TYPE: Final = "application/jose"
PROBLEM: Final = "application/problem+json"
PROBLEM_STATUS: Final = {
    "not-signed": HTTPStatus.UNAUTHORIZED,
    "malformed": HTTPStatus.BAD_REQUEST,
    "stale": HTTPStatus.BAD_REQUEST,
    "replay": HTTPStatus.CONFLICT,
}


@csrf_exempt  # no cookie gives a right here: the signature does
@public
def dispatch_incidents(request: HttpRequest) -> JsonResponse:
    """Take a signed delivery (docs/dispatch.md). 200 with the result of each incident; 422 if none could be taken."""
    try:
        spend("dispatch", DISPATCH_RATE, network_of(request))
        return _answer_delivery(request)
    except TooManyRequests:
        sentence = "Too many deliveries in a minute. Put several incidents into one, and wait a minute."
        return problem(HTTPStatus.TOO_MANY_REQUESTS, "too-often", sentence, wait=60)
    except (CannotCount, DatabaseError):
        sentence = "The portal can't keep its log or its counts right now. Send the same delivery again later."
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence, wait=60)


def _answer_delivery(request: HttpRequest) -> JsonResponse:
    if request.method != "POST":
        response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "wrong-method", "Deliver with POST.")
        response["Allow"] = "POST"
        return response
    if request.content_type != DISPATCH_TYPE:
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong-type", f"Send Content-Type: {DISPATCH_TYPE}.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES:
        sentence = f"A delivery has at most {LARGEST_BYTES} bytes. Send fewer incidents at a time."
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", sentence)
    try:
        _delivery, results = dispatch.take_delivery(token=request.body.decode("ascii", "replace").strip())
    except dispatch.UnwantedDelivery as unwanted:
        dispatch.refuse_delivery(unwanted=unwanted)
        return problem(PROBLEM_STATUS[unwanted.code], unwanted.code, unwanted.sentence)
    told = [incident_presenters.delivery_answer(result) for result in results]
    if incident_presenters.nothing_was_taken(results):
        sentence = "No incident of this delivery could be taken. Correct what each one says, and send it anew."
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "nothing-taken", sentence, incidents=told)
    return JsonResponse({"incidents": told})


def problem(status: HTTPStatus, code: str, detail: str, *, wait: int = 0, **more: Any) -> JsonResponse:
    """Return an error as RFC 9457 writes it. detail: what to do. wait: seconds before the next try."""
    body = {"type": f"urn:fusus-portal:dispatch:{code}", "title": status.phrase, "status": status, "detail": detail}
    response = JsonResponse({**body, **more}, status=status, content_type=PROBLEM)
    if wait:
        response["Retry-After"] = str(wait)
    return response


DISPATCH_FOLDER = "registry/incidents/dispatch"


@privileged
@requires(Permission.ADMINISTER, FORM)
def dispatch_keys_page(request: SignedInRequest) -> HttpResponse:
    form = forms.DispatchKeyForm(request.POST or None)
    if form.carry_out(dispatch.propose_key, by=request.user):
        messages.success(request, _("Proposed. It counts when another administrator has approved it."))
        return redirect("dispatch_keys")
    return render(
        request, f"{DISPATCH_FOLDER}/keys.html", {"form": form, **incident_presenters.keys_page(request.user)}
    )


@privileged
@requires(Permission.ADMINISTER, POST)
def dispatch_key_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    dispatch.approve_key(key=selectors.dispatch_key(pk), by=request.user)
    messages.success(request, _("Approved. Deliveries signed with this key count from now on."))
    return redirect("dispatch_keys")


@privileged
@requires(Permission.ADMINISTER, POST)
def dispatch_key_retire(request: SignedInRequest, pk: UUID) -> HttpResponse:
    dispatch.retire_key(key=selectors.dispatch_key(pk), by=request.user)
    messages.success(request, _("Retired. Nothing that this key signs counts any more."))
    return redirect("dispatch_keys")


@takes_picture  # a file held in memory and bounded before its first byte; a delivery is smaller than a picture
@requires(Permission.IMPORT_DISPATCH, FORM)
def dispatch_file(request: SignedInRequest) -> HttpResponse:
    form = forms.DispatchFileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        token = form.cleaned_data["token"]
        try:
            if "take" in request.POST:
                delivery, _results = dispatch.take_delivery(token=token, by=request.user)
                messages.success(request, _sentence(delivery.taken, delivery.refused))
                return redirect("dispatch_file")
            found = dispatch.preview_delivery(token=token, by=request.user)
        except dispatch.UnwantedDelivery as unwanted:
            dispatch.refuse_delivery(unwanted=unwanted, by=request.user)
            form.add_error("file", unwanted.sentence)
        else:
            context |= {
                "rows": incident_presenters.delivery_rows(found),
                "token": token,
                "nothing": incident_presenters.nothing_was_taken(found),
            }
    return render(request, f"{DISPATCH_FOLDER}/file.html", context)


@requires(Permission.VERIFY_INCIDENT, POST)
def dispatch_settle(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = selectors.incident(request.user, pk)
    dispatch.settle_difference(dispatch_record=selectors.dispatch_record_of(incident), by=request.user)
    return redirect("incident", pk)


def _sentence(taken: int, refused: int) -> str:
    told = ngettext("%(number)d incident taken.", "%(number)d incidents taken.", taken) % {"number": taken}
    if not refused:
        return told
    more = ngettext("%(number)d was not taken.", "%(number)d were not taken.", refused) % {"number": refused}
    return f"{told} {more}"


TYPES_FOLDER = "registry/incidents/types"


@requires(Permission.ADMINISTER, SAFE)
def type_list(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{TYPES_FOLDER}/list.html", type_presenters.types_page())


@requires(Permission.ADMINISTER, FORM)
def type_new(request: SignedInRequest) -> HttpResponse:
    form = forms.IncidentTypeForm(request.POST or None)
    if added := form.carry_out(type_services.add, by=request.user):
        messages.success(request, _("%(name)s is on the list.") % {"name": added.name})
        return redirect("incident_types")
    return ActPage(
        title=_("Add a type"),
        intro=_("A crime, or an emergency in which people are in danger. Deputies can choose it at once."),
        label=_("Add it to the list"),
        way=Way(reverse("incident_types"), _("Crimes and emergencies")),
    ).answer(request, form)


@requires(Permission.ADMINISTER, FORM)
def type_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_type = selectors.incident_type(pk)
    known = model_to_dict(incident_type, ["name", "name_es", "declares", "retention"])
    known["emergency"] = "emergency" if incident_type.emergency else "crime"
    form = forms.IncidentTypeForm(request.POST or None, own=incident_type, initial=known)
    if form.carry_out(type_services.change, incident_type=incident_type, by=request.user):
        messages.success(request, _("Saved. New incidents and messages use it from now on."))
        return redirect("incident_types")
    return render(request, f"{TYPES_FOLDER}/change.html", {"form": form, **type_presenters.type_page(incident_type)})


@requires(Permission.ADMINISTER, POST)
def type_retire(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_type = selectors.incident_type(pk)
    type_services.retire(incident_type=incident_type, by=request.user)
    messages.success(request, _("%(name)s is off the list.") % {"name": incident_type.name})
    return redirect("incident_types")


@requires(Permission.ADMINISTER, POST)
def type_restore(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_type = type_services.restore(incident_type=selectors.incident_type(pk), by=request.user)
    messages.success(request, _("%(name)s is on the list.") % {"name": incident_type.name})
    return redirect("incident_types")


@requires(Permission.ADMINISTER, FORM)
def number_format(request: SignedInRequest) -> HttpResponse:
    """Set the format of incident numbers. The button "Show examples" changes nothing yet."""
    form = forms.NumberFormatForm(request.POST or None, initial={"pattern": NumberFormat.current()})
    chosen = None if "show" in request.POST else form.carry_out(type_services.set_number_format, by=request.user)
    if chosen:
        messages.success(request, _("New incident numbers are written like this from now on."))
        return redirect("incident_types")
    pattern = str(form["pattern"].value() or "").strip()
    context = {"form": form, "examples": type_presenters.examples(pattern), "changes": type_presenters.formats()}
    return render(request, f"{TYPES_FOLDER}/format.html", context)


@requires(Permission.ADMINISTER, SAFE)
def number_examples(request: SignedInRequest) -> HttpResponse:
    shown = type_presenters.examples(request.GET.get("pattern", "").strip())
    return render(request, f"{TYPES_FOLDER}/examples.html", {"examples": shown})


@requires(Permission.ASK_TO_JOIN, FORM)
@evened
def join(request: SignedInRequest) -> HttpResponse:
    """Ask to join an incident by its number. The answer is the same if the incident exists or not."""
    form = forms.JoinForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    if asked := form.carry_out(joins.ask, by=request.user):
        said = _("Asked about %(number)s. If somebody on that incident says yes, you find it on your start page.")
        messages.success(request, said % {"number": asked.number})
        return redirect("join")
    context = {
        "form": form,
        "waiting": incident_presenters.own_questions(request.user),
        "hours": JOIN_QUESTION_LIFE // timedelta(hours=1),
        "most": JOIN_QUESTIONS_A_DAY,
    }
    return render(request, "registry/joins/join.html", context)


@requires(Permission.OPEN_INCIDENT, POST)
def join_admit(request: SignedInRequest, pk: UUID, question: UUID) -> HttpResponse:
    asked = selectors.join_question(selectors.incident(request.user, pk), question)
    joined = joins.admit(question=asked, by=request.user)
    sentence = _("%(name)s works on this incident now.") % {"name": joined.asked_by.name}
    return answer_done(request, sentence, "incident", pk)


@requires(Permission.OPEN_INCIDENT, POST)
def join_decline(request: SignedInRequest, pk: UUID, question: UUID) -> HttpResponse:
    asked = selectors.join_question(selectors.incident(request.user, pk), question)
    joins.decline(question=asked, by=request.user)
    messages.success(request, _("Declined. The person who asked is not told."))
    return redirect("incident", pk)
