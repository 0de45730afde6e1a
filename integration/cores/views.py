from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.pages.components import LIST, filtered_list
from fusus_portal.ground.serving.lanes import urgent
from integration.cores import forms, hooks, policies, presenters, selectors
from integration.cores.models import Core
from integration.cores.presenters import DeviceCard, refusal
from integration.cores.services import cameras, cores, credentials
from integration.cores.states import CoreState
from integration.rules import CODE_LIFE
from registry.access_log import services as access_log
from registry.places.hooks import shared_of
from registry.registrants.models import Registrant
from registry.registrants.views import registered

KINDS = "integration/cores/kinds"


@requires(Permission.ADMINISTER, FORM)
def core_models(request: SignedInRequest) -> HttpResponse:
    form = forms.CoreModelForm(request.POST or None)
    if form.carry_out(cores.add_model, by=request.user):
        messages.success(request, _("Added. Clerks can receive COREs of this kind."))
        return redirect("core_models")
    return render(request, f"{KINDS}/list.html", {"form": form, "table": presenters.kinds()})


@requires(Permission.ADMINISTER, FORM)
def core_model(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.model(pk)
    known = {name: getattr(found, name) for name in forms.CoreModelForm.base_fields}
    form = forms.CoreModelForm(request.POST or None, own=found, initial=known)
    if form.carry_out(cores.change_model, model=found, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("core_models")
    return render(
        request, f"{KINDS}/one.html", {"form": form, "model": found, "changes": presenters.model_changes(found)}
    )


@requires(Permission.ADMINISTER, POST)
def core_model_retire(request: SignedInRequest, pk: UUID) -> HttpResponse:
    cores.retire_model(model=selectors.model(pk), by=request.user)
    messages.success(request, _("No more of this kind can be received. Those that you have keep working."))
    return redirect("core_models")


CONSOLE = "integration/cores/console"
A_PAGE = 50

PRESSES: dict[str, Callable[..., Core]] = {
    "ship": cores.ship,
    "take-back": cores.take_back,
    "suspend": cores.suspend,
    "resume": cores.resume,
    "return": cores.begin_return,
    "restock": cores.restock,
    "retire": cores.retire,
    "revoke": credentials.revoke_tokens,
}


@requires(Permission.FULFILMENT, SAFE)
def core_list(request: SignedInRequest) -> HttpResponse:
    form = forms.FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    state, text = wanted.get("state", ""), wanted.get("q", "").strip()
    listed = filtered_list(form, presenters.listed_cores(state, text=text), A_PAGE)
    return render(request, LIST, {**listed, "list": presenters.core_list(listed)})


@requires(Permission.FULFILMENT, FORM)
def core_receive(request: SignedInRequest) -> HttpResponse:
    form = forms.ReceiveForm(request.POST or None)
    if received := form.carry_out(cores.receive, by=request.user):
        words = ngettext("%(number)d CORE is in stock.", "%(number)d COREs are in stock.", len(received))
        messages.success(request, words % {"number": len(received)})
        return redirect("cores")
    return render(request, f"{CONSOLE}/receive.html", {"form": form, "has_models": selectors.current_models().exists()})


@requires(Permission.FULFILMENT, SAFE)
def core(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    _see(request, found, found.registrant)
    actions = presenters.core_actions(found, request.user)
    context = {
        "core": found,
        "kind": presenters.tag_kind(found),
        "state_words": presenters.state_words([found])[found.pk],
        "facts": presenters.core_facts(found),
        "behind": selectors.behind(found),
        "actions": [each for each in actions if not each.reason],
        "closed_actions": [each for each in actions if each.reason],
        "timeline": [presenters.story_line(entry) for entry in selectors.story(found)],
    }
    return render(request, f"{CONSOLE}/one.html", context)


@requires(Permission.FULFILMENT, POST)
def core_act(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    found = selectors.one(pk)
    if act == "code":
        return _code_page(request, cores.issue_code(core=found, by=request.user))
    if act not in PRESSES:
        raise Http404
    done = PRESSES[act](core=found, by=request.user)
    messages.success(request, _("%(serial)s: %(state)s.") % {"serial": done, "state": done.get_state_display()})
    return redirect("core", pk)


@requires(Permission.FULFILMENT, FORM)
def core_allocate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Set a CORE aside: ask for the number of the business, then for one of its places; show the code, once."""
    found = selectors.one(pk)
    asked = forms.ReferenceForm(request.POST or request.GET or None)
    registrant = asked.carry_out(policies.check_business)
    if registrant is None:
        return render(request, f"{CONSOLE}/allocate.html", {"core": found, "form": asked})
    form = forms.PlaceForm(request.POST or None, registrant=registrant)
    if issued := form.carry_out(cores.allocate, core=found, by=request.user, registrant=registrant):
        return _code_page(request, issued)
    _see(request, found, registrant)
    context = {
        "core": found,
        "form": form,
        "registrant": registrant,
        "places": selectors.places_of(registrant).exists(),
    }
    return render(request, f"{CONSOLE}/place.html", context)


@requires(Permission.FULFILMENT, FORM)
def core_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    form = forms.NewPlaceForm(request.POST or None, core=found)
    if form.carry_out(cores.place, core=found, by=request.user):
        messages.success(request, _("Written down. Its cameras at the old place are disconnected."))
        return redirect("core", pk)
    _see(request, found, found.registrant)
    context = {"core": found, "form": form, "places": selectors.other_places(found).exists()}
    return render(request, f"{CONSOLE}/new_place.html", context)


@requires(Permission.FULFILMENT, FORM)
def core_wipe(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    form = forms.WipeForm(request.POST or None)
    if form.carry_out(cores.wipe, core=found, by=request.user):
        messages.success(request, _("Written down. It can go back into stock, or be retired."))
        return redirect("core", pk)
    return render(request, f"{CONSOLE}/wipe.html", {"core": found, "form": form})


@requires(Permission.FULFILMENT, FORM)
def core_replace(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    form = forms.ReplaceForm(request.POST or None)
    if issued := form.carry_out(cores.replace, old=found, by=request.user):
        return _code_page(request, issued)
    return render(request, f"{CONSOLE}/replace.html", {"core": found, "form": form})


def _see(request: SignedInRequest, found: Core, owner: Registrant | None) -> None:
    """Write into the log, before the page is shown, that a CORE's page names its owner and the owner's places."""
    if owner is not None:
        access_log.see_owner(owner=owner.pk, by=request.user, subject=found.subject, number=found.serial)


def _code_page(request: SignedInRequest, issued: credentials.IssuedCode) -> HttpResponse:
    context: dict[str, Any] = {"core": selectors.one(issued.core.pk), "code": issued.code, "days": CODE_LIFE.days}
    return render(request, f"{CONSOLE}/code.html", context)


OWN = "integration/cores/own"


@requires(Permission.OWN_DEVICES, SAFE)
@registered
def devices(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    return render(request, f"{OWN}/list.html", {"cards": [DeviceCard(core) for core in selectors.own(request.user)]})


@requires(Permission.OWN_DEVICES, SAFE)
def device(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _device_page(request, pk)


@requires(Permission.OWN_DEVICES, POST)
@limit("device_cameras", "60/m", account_of)
def device_connect(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    form = forms.ConnectForm(request.POST, core=core)
    if behind := form.carry_out(cameras.connect, core=core, by=request.user):
        words = _("Connected: %(name)s. It is not shared until you say so.")
        messages.success(request, words % {"name": behind.camera.name})
        return redirect("device", pk)
    return _device_page(request, pk, form=form, status=422)


@urgent
@requires(Permission.OWN_DEVICES, POST)
def device_disconnect(request: SignedInRequest, pk: UUID, behind: UUID) -> HttpResponse:
    found = selectors.own_behind(request.user, pk, behind)
    cameras.disconnect(behind=found, by=request.user)
    messages.success(request, _("Disconnected: %(name)s. It stays in the registry.") % {"name": found.camera.name})
    return redirect("device", pk)


@requires(Permission.OWN_DEVICES, FORM)
def device_return(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    if request.method == "POST":
        done = cores.begin_return(core=core, by=request.user)
        messages.success(request, _("The return has begun. Nobody can see your cameras through this CORE any more."))
        return redirect(hooks.return_page(done) or reverse("device", args=[pk]))
    context = {
        "card": DeviceCard(core),
        "why_not": refusal(core, CoreState.RETURNING, request.user),
        "blocks": hooks.shown_before_return(core),
        "return_page": hooks.return_page(core),
    }
    return render(request, f"{OWN}/return.html", context)


@requires(Permission.OWN_DEVICES, FORM)
def device_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    form = forms.NewPlaceForm(request.POST or None, core=core)
    if form.carry_out(cores.place, core=core, by=request.user):
        messages.success(request, _("Saved. Now connect the cameras at this place."))
        return redirect("device", pk)
    context = {"card": DeviceCard(core), "form": form, "places": selectors.other_places(core).exists()}
    return render(request, f"{OWN}/place.html", context)


def _device_page(
    request: SignedInRequest, pk: UUID, *, form: forms.ConnectForm | None = None, status: int = 200
) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    card = DeviceCard(core)
    context = {
        "card": card,
        "form": form or forms.ConnectForm(core=core),
        "has_room": len(card.cameras) < core.model.cameras_supported,
        "can_choose": selectors.to_connect(core).exists() and bool(selectors.free_channels(core)),
        "why_no_return": refusal(core, CoreState.RETURNING, request.user),
        "blocks": hooks.shown(core),
        "shared": shared_of(core.registrant) if core.registrant else [],
        "return_page": hooks.return_page(core),
        "asks_for_money": core.state == CoreState.RETURNING and bool(hooks.shown_before_return(core)),
    }
    return render(request, f"{OWN}/one.html", context, status=status)
