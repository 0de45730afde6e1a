from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from integration.cores import policies, selectors
from integration.cores.forms.cores import (
    FilterForm,
    PlaceForm,
    ReceiveForm,
    ReferenceForm,
    ReplaceForm,
    WipeForm,
)
from integration.cores.forms.devices import NewPlaceForm
from integration.cores.models import Core
from integration.cores.presenters import cores as core_presenters
from integration.cores.services import cores as core_services
from integration.cores.services import returns, tokens
from integration.cores.services.codes import Issued
from integration.rules import CODE_LIFE
from registry.access_log import services as access_log
from registry.people.models import Registrant

FOLDER = "integration/cores/console"
A_PAGE = 50

PRESSES: dict[str, Callable[..., Core]] = {
    "ship": core_services.ship,
    "take-back": core_services.take_back,
    "suspend": core_services.suspend,
    "resume": core_services.resume,
    "return": returns.begin_return,
    "restock": returns.restock,
    "retire": returns.retire,
    "revoke": tokens.revoke,
}


@requires(Permission.FULFILMENT)
@require_safe
def core_list(request: SignedInRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    state, text = wanted.get("state", ""), wanted.get("q", "").strip()
    page = Paginator(core_presenters.listed(state, text=text), A_PAGE).get_page(request.GET.get("page"))
    words = core_presenters.state_words(page)
    query = urlencode({"q": text, "state": state})
    context = {
        "form": form,
        "tallies": core_presenters.tallies(),
        "cores": [(core, core_presenters.kind_of(core), words[core.pk]) for core in page],
        "page": page,
        "query": f"{query}&",
        "is_filtered": bool(state or text),
    }
    return render(request, f"{FOLDER}/list.html", context)


@requires(Permission.FULFILMENT)
@require_form
def core_receive(request: SignedInRequest) -> HttpResponse:
    form = ReceiveForm(request.POST or None)
    if received := form.carry_out(core_services.receive, by=request.user):
        words = ngettext("%(number)d CORE is in stock.", "%(number)d COREs are in stock.", len(received))
        messages.success(request, words % {"number": len(received)})
        return redirect("cores")
    return render(request, f"{FOLDER}/receive.html", {"form": form, "has_models": selectors.current_models().exists()})


@requires(Permission.FULFILMENT)
@require_safe
def core(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    _see(request, found, found.registrant)
    actions = core_presenters.actions(found, request.user)
    context = {
        "core": found,
        "kind": core_presenters.kind_of(found),
        "state_words": core_presenters.state_words([found])[found.pk],
        "facts": core_presenters.facts(found),
        "behind": selectors.behind(found),
        "actions": [each for each in actions if not each.reason],
        "closed_actions": [each for each in actions if each.reason],
        "timeline": core_presenters.moments(selectors.story(found)),
    }
    return render(request, f"{FOLDER}/one.html", context)


@requires(Permission.FULFILMENT)
@require_POST
def core_act(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    found = selectors.one(pk)
    if act == "code":
        return _code(request, core_services.issue_code(core=found, by=request.user))
    if act not in PRESSES:
        raise Http404
    done = PRESSES[act](core=found, by=request.user)
    messages.success(request, _("%(serial)s: %(state)s.") % {"serial": done, "state": done.get_state_display()})
    return redirect("core", pk)


@requires(Permission.FULFILMENT)
@require_form
def core_allocate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Set a CORE aside: first the number of the business, then one of its places; the answer shows the code, once."""
    found = selectors.one(pk)
    asked = ReferenceForm(request.POST or request.GET or None)
    registrant = asked.carry_out(policies.check_business)
    if registrant is None:
        return render(request, f"{FOLDER}/allocate.html", {"core": found, "form": asked})
    form = PlaceForm(request.POST or None, registrant=registrant)
    if issued := form.carry_out(core_services.allocate, core=found, by=request.user, registrant=registrant):
        return _code(request, issued)
    _see(request, found, registrant)
    context = {
        "core": found,
        "form": form,
        "registrant": registrant,
        "places": selectors.places_of(registrant).exists(),
    }
    return render(request, f"{FOLDER}/place.html", context)


@requires(Permission.FULFILMENT)
@require_form
def core_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    form = NewPlaceForm(request.POST or None, core=found)
    if form.carry_out(core_services.place, core=found, by=request.user):
        messages.success(request, _("Written down. Its cameras at the old place are disconnected."))
        return redirect("core", pk)
    _see(request, found, found.registrant)
    context = {"core": found, "form": form, "places": selectors.other_places(found).exists()}
    return render(request, f"{FOLDER}/new_place.html", context)


@requires(Permission.FULFILMENT)
@require_form
def core_wipe(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    form = WipeForm(request.POST or None)
    if form.carry_out(returns.wipe, core=found, by=request.user):
        messages.success(request, _("Written down. It can go back into stock, or be retired."))
        return redirect("core", pk)
    return render(request, f"{FOLDER}/wipe.html", {"core": found, "form": form})


@requires(Permission.FULFILMENT)
@require_form
def core_replace(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    form = ReplaceForm(request.POST or None)
    if issued := form.carry_out(returns.replace, old=found, by=request.user):
        return _code(request, issued)
    return render(request, f"{FOLDER}/replace.html", {"core": found, "form": form})


def _see(request: SignedInRequest, found: Core, owner: Registrant | None) -> None:
    """Record that the page of a CORE names a business and its places, before it does; a CORE in stock has none."""
    if owner is not None:
        access_log.see_owner(owner=owner.pk, by=request.user, subject=found.subject, number=found.serial)


def _code(request: SignedInRequest, issued: Issued) -> HttpResponse:
    context: dict[str, Any] = {"core": selectors.one(issued.core.pk), "code": issued.code, "days": CODE_LIFE.days}
    return render(request, f"{FOLDER}/code.html", context)
