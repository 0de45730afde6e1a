from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.requests import evened, require_form
from fusus_portal.ground.lifecycle import Refused, why_not
from fusus_portal.ground.pages import maps, times
from fusus_portal.ground.pages.acts import answer_done
from fusus_portal.ground.serving.lanes import takes_files
from registry.canvasses import forms, policies, selectors
from registry.canvasses.links import answer_url, link_actor, private_link, token_for
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.presenters import console
from registry.canvasses.presenters.owners import OwnRequest, ReplyPage
from registry.canvasses.services import approvals, canvasses as canvass_services, requests as request_services
from registry.canvasses.states import BEFORE_SENDING, RequestState
from registry.footage import form_files
from registry.footage.services import uploads
from registry.incidents import hooks, selectors as incidents
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters import incidents as incident_presenters
from registry.incidents.services import incidents as incident_services
from registry.limits.models import Limits
from registry.registrants.models import Registrant
from registry.registrants.views import registered


@requires(Permission.CANVASS, FORM)
def canvass_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    incident_policies.must_be_open(incident)
    form = forms.canvass_form_of(request, incident, console.map_initial(incident))
    if draft := form.carry_out(canvass_services.draft, incident=incident, by=request.user):
        return redirect("canvass", draft.pk)
    fields = console.map_fields(incident, form, shape=form.shape, limits=form.limits)
    context = {"back": reverse("incident", args=[pk]), **fields, **maps.ground()}
    return render(request, "registry/canvasses/canvass_new.html", context)


@requires(Permission.CANVASS, POST)
def canvass_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Search again before sending; an approval becomes void. Too wide an area leaves the canvass as it was."""
    found = selectors.canvass(request.user, pk)
    incident_policies.must_be_open(found.incident)
    form = _canvass_form_of(request, found)
    try:
        changed = form.carry_out(canvass_services.change, canvass=found, by=request.user)
    except policies.TooWide as kept:  # recorded by the act; the canvass can still be used
        messages.error(request, kept.sentence)
        return redirect("canvass", pk)
    return redirect("canvass", pk) if changed else _canvass_page(request, found, form)


@requires(Permission.CANVASS, SAFE)
def canvass(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a canvass, with its cameras while it is open; each camera's owner sees that it was shown."""
    found = selectors.canvass(request.user, pk)
    return _canvass_page(request, found)


def _canvass_form_of(request: SignedInRequest, canvass: Canvass) -> forms.CircleForm | forms.PolygonForm:
    shape = console.POLYGON if canvass.corners else console.CIRCLE
    return forms.canvass_form_of(request, canvass.incident, console.map_initial_of(canvass), shape=shape)


def _canvass_page(
    request: SignedInRequest, found: Canvass, form: forms.CircleForm | forms.PolygonForm | None = None
) -> HttpResponse:
    findings, looked_at, new = None, times.NEVER, set[UUID]()
    if console.shows_cameras(found):
        findings = canvass_services.show(canvass=found, by=request.user, page=request.GET.get("page", "1"))
    else:
        canvass_services.view(canvass=found, by=request.user)
    if found.sent_at:
        looked_at = selectors.last_look_at_replies(found, request.user)
        new = canvass_services.see_replies(canvasses=[found], by=request.user)
    context: dict[str, Any] = {"pick_form": forms.LeaveOutForm() if found.state in canvass_services.PICKABLE else None}
    if found.state in BEFORE_SENDING:
        form = form or _canvass_form_of(request, found)
        context |= console.draft_page(found, findings, request.user, limits=form.limits)
        if context["may_change"]:
            context |= console.map_fields(found.incident, form, shape=form.shape, limits=form.limits)
    else:
        context |= console.sent_page(found, findings, request.user, new=new)
        context["looked_at"] = times.for_address(looked_at)
    return render(request, "registry/canvasses/canvass.html", context)


@requires(Permission.CANVASS, SAFE)
def canvass_sheet(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.canvass(request.user, pk)
    findings = canvass_services.show(canvass=found, by=request.user)
    if findings.cameras is None:
        raise Refused(findings.hidden, subject=found.subject)
    context = console.sheet(found, findings.cameras, request.user)
    return render(request, "registry/canvasses/canvass_sheet.html", context)


@requires(Permission.CANVASS, FORM)
@evened
def canvass_door(request: SignedInRequest, pk: UUID, place: UUID) -> HttpResponse:
    """Record that a place of the sheet was confirmed at the door. The page shows no address: that takes an entry."""
    found = selectors.canvass(request.user, pk)
    if request.method == "POST":
        request_services.confirm_door(canvass=found, by=request.user, premises=place)
        messages.success(request, _("Written down. The sheet still says what was known when you searched."))
        return redirect("canvass_door", pk, place)
    return console.door_page(found).answer(request)


@requires(Permission.CANVASS, POST)
def canvass_leave_out(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _pick(request, pk, forms.LeaveOutForm(request.POST), canvass_services.leave_out)


@requires(Permission.CANVASS, POST)
def canvass_put_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _pick(request, pk, forms.PutBackForm(request.POST), canvass_services.put_back)


def _pick(request: SignedInRequest, pk: UUID, form: forms.PutBackForm, act: Callable[..., int]) -> HttpResponse:
    form.carry_out(act, canvass=selectors.canvass(request.user, pk), by=request.user)
    for sentences in form.errors.values():
        messages.error(request, " ".join(str(sentence) for sentence in sentences))
    page, address = request.POST.get("page", ""), reverse("canvass", args=[pk])
    return redirect(f"{address}?page={page}" if page.isdecimal() else address)


@requires(Permission.CANVASS, POST)
def canvass_send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    canvass_services.send(canvass=selectors.canvass(request.user, pk), by=request.user)
    return redirect("canvass", pk)


@requires(Permission.CANVASS, FORM)
@evened
def canvass_withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.canvass(request.user, pk)
    if request.method == "POST":
        canvass_services.withdraw(canvass=found, by=request.user)
        messages.success(request, _("Taken back. Owners who had not answered are told that nothing is needed."))
        return redirect("canvass", pk)
    return console.withdrawal_page(found).answer(request)


@requires(Permission.CANVASS, POST)
@evened
def canvass_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    canvass_services.close(canvass=selectors.canvass(request.user, pk), by=request.user)
    return redirect("canvass", pk)


@requires(Permission.CANVASS, SAFE)
def canvass_replies(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Return the replies, which the page fetches every few seconds; following them is an entry every ten minutes."""
    found = selectors.canvass(request.user, pk)
    canvass_services.follow(canvass=found, by=request.user)
    new = selectors.new_replies_to(found, request.user, since=times.of_address(request.GET.get("since", "")))
    context = {"follow_up": console.follow_up(found, new), "canvass": found}
    return render(request, "registry/canvasses/canvass_replies.html", context)


@requires(Permission.CANVASS, FORM)
def canvass_ask_approval(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.canvass(request.user, pk)
    form = forms.ApprovalQuestionForm(request.POST or None)
    if form.carry_out(approvals.ask, canvass=found, by=request.user):
        messages.success(request, _("Asked. Supervisors are told, and the answer appears on your start page."))
        return redirect("canvass", pk)
    return console.approval_page(found, policies.why_approval_asked(found, Limits.current())).answer(request, form)


@requires(Permission.APPROVE_CANVASS, FORM)
def canvass_approval(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Approve or deny a canvass. The page shows no owner's address."""
    found = selectors.canvass(request.user, pk)
    form = forms.DecisionForm(request.POST or None)
    grants = request.POST.get("decision") == "approve"
    if form.carry_out(approvals.grant if grants else approvals.deny, canvass=found, by=request.user):
        granted = _("Approved. The person who asked can look at it and send it.")
        denied = _("Denied. The person who asked reads your word.")
        return answer_done(request, granted if grants else denied, "console")
    question = approvals.review(canvass=found, by=request.user)
    context = {**console.decision_page(question), "form": form}
    return render(request, "registry/canvasses/canvass_approval.html", context)


@requires(Permission.OPEN_INCIDENT, FORM)
def incident_new(request: SignedInRequest) -> HttpResponse:
    """Open an incident, alone or with a search. A person with too many unverified ones reads so before they type."""
    refused = why_not(partial(incident_policies.may_open_another, request.user))
    if refused and request.method != "POST":
        waiting = incidents.search_incidents(request.user, standing=incidents.IncidentStanding.UNVERIFIED)
        own = incident_presenters.with_marks(waiting.filter(opened_by=request.user), request.user)
        return render(request, "registry/incidents/incident_no_room.html", {"refused": refused, "incidents": own})
    form = forms.call_form_of(request, console.call_initial(), by=request.user)
    if form.asks:
        if drafted := form.carry_out(canvass_services.draft_from_call, by=request.user):
            return redirect("canvass", drafted.pk)
    elif opened := form.carry_out(incident_services.open, by=request.user):
        return redirect("incident", opened.pk)
    taken = form.has_error("number")
    exists = incidents.incident_by_number(request.user, form.data.get("number", "")) if taken else None
    context = console.call_page(form, shape=form.shape, limits=form.limits, exists=exists)
    return render(request, "registry/canvasses/canvass_call.html", context)


@requires(Permission.ADMINISTER, FORM)
def purposes(request: SignedInRequest) -> HttpResponse:
    form = forms.PurposeForm(request.POST or None)
    if form.carry_out(approvals.add_purpose, by=request.user):
        messages.success(request, _("Added. New canvasses can have this purpose."))
        return redirect("purposes")
    shown = selectors.all_purposes()
    context = {"form": form, "purposes": shown, "table": console.purpose_table(shown)}
    return render(request, "registry/canvasses/purposes.html", context)


@requires(Permission.ADMINISTER, FORM)
def purpose(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.purpose(pk)
    form = forms.PurposeForm(request.POST or None, own=found, initial={"name": found.name, "name_es": found.name_es})
    if form.carry_out(approvals.change_purpose, purpose=found, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("purposes")
    return render(request, "registry/canvasses/purpose.html", {"form": form, "purpose": found})


@requires(Permission.ADMINISTER, POST)
def purpose_retire(request: SignedInRequest, pk: UUID) -> HttpResponse:
    approvals.retire_purpose(purpose=selectors.purpose(pk), by=request.user)
    messages.success(request, _("Off the list. Canvasses that have it keep it."))
    return redirect("purposes")


@requires(Permission.ADMINISTER, POST)
def purpose_restore(request: SignedInRequest, pk: UUID) -> HttpResponse:
    approvals.restore_purpose(purpose=selectors.purpose(pk), by=request.user)
    messages.success(request, _("Back on the list."))
    return redirect("purposes")


REQUESTS_A_PAGE = 20


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def own_requests(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    page = Paginator(selectors.requests_to_owner(registrant), REQUESTS_A_PAGE).get_page(request.GET.get("page"))
    others = hooks.others_among([asked.pk for asked in page.object_list])
    lines = [OwnRequest(asked, asked.waits, asked.files, others[asked.pk]) for asked in page.object_list]
    return render(request, "registry/canvasses/own/requests.html", {"page": page, "lines": lines})


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def own_request(request: SignedInRequest, registrant: Registrant, pk: UUID) -> HttpResponse:
    selectors.request(request.user, pk)
    asked = selectors.requests_to_owner(registrant).get(pk=pk)
    page = ReplyPage(asked, token_for(asked))
    context = {"line": OwnRequest(asked, asked.waits, asked.files, page.others), "page": page}
    return render(request, "registry/canvasses/own/request.html", context)


@requires(Permission.OWN_REGISTRATION, SAFE)
def own_receipt(request: SignedInRequest, pk: UUID) -> HttpResponse:
    asked = selectors.request(request.user, pk)
    page = ReplyPage(asked, token_for(asked))
    return render(request, "registry/access_log/receipt.html", {"page": page, "of_profile": True})


@requires(Permission.OWN_REGISTRATION, SAFE)
def own_answer(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return redirect(answer_url(selectors.request(request.user, pk)))


@require_safe
@private_link
def reply(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    page = ReplyPage(asked, token_for(asked))
    template = "answered" if page.answered else "reply"
    return _reply_page(request, template, page, map=maps.ground())


@require_form
@limit("reply", "30/m")
@private_link
def reply_none(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    if request.method == "POST":
        request_services.answer_none(request=asked, by=link_actor(asked))
        return redirect("reply", token_for(asked))
    policies.must_take_answer(asked, RequestState.NONE)
    return _reply_page(request, "none", ReplyPage(asked, token_for(asked)))


@require_form
@limit("reply", "30/m")
@private_link
def reply_decline(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    if request.method == "POST":
        request_services.decline(request=asked, by=link_actor(asked))
        return redirect("reply", token_for(asked))
    policies.must_take_answer(asked, RequestState.DECLINED)
    policies.must_not_be_given(asked)
    return _reply_page(request, "decline", ReplyPage(asked, token_for(asked)))


@takes_files
@require_form
@limit("reply", "30/m")
@private_link
def reply_footage(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    """Take files: piece by piece from the page's script, or with this plain form in one go."""
    if asked.state != RequestState.FOOTAGE:
        policies.must_take_answer(asked, RequestState.FOOTAGE)
    errors: list[str] = []
    if request.method == "POST":
        files = request.FILES.getlist("files")
        try:
            if why := form_files.refusal(request):
                raise ValidationError(why)
            if not files:
                raise ValidationError(_("Choose at least one file."))
            camera = str(request.POST.get("camera", ""))
            uploads.receive_whole(request=asked, files=files, camera=camera, by=link_actor(asked))
        except ValidationError as wrong:
            errors = wrong.messages
        else:
            return redirect("reply_give", token_for(asked))
    page = ReplyPage(asked, token_for(asked))
    # The page's script fills in the id of a file.
    status = reverse("upload_status", args=["id"]).replace("/id/", "/{id}/")
    return _reply_page(request, "footage", page, errors=errors, endpoint=reverse("upload_create"), status=status)


def _reply_page(request: HttpRequest, name: str, page: ReplyPage, **context: Any) -> HttpResponse:
    return render(request, f"registry/canvasses/reply/{name}.html", {"page": page, **context})
