from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.notifications.channels.text.provider import is_configured
from fusus_portal.ground.pages import maps
from registry.access_log.presenters import looks as look_presenters
from registry.access_log.selectors import delays
from registry.access_log.selectors import looks as look_selectors
from registry.canvasses.selectors import requests
from registry.hooks import cards_of, shared_of
from registry.other_counties import selectors as other_county_selectors
from registry.people.forms.people import OwnContactForm
from registry.people.models import ContactWay, Registrant, RegistrantKind
from registry.people.presenters.own_history import lines_of
from registry.people.presenters.profile import answer_url, contact_facts, places_page
from registry.people.selectors import own_history
from registry.people.selectors import registrants as registrant_selectors
from registry.people.selectors.registrants import to_agree
from registry.people.services import agreements
from registry.people.services import registrants as registrant_services
from registry.people.services.registrants import OF_A_BUSINESS
from registry.people.views.registration import unfinished
from registry.places import selectors as place_selectors

P = ParamSpec("P")
OwnView = Callable[Concatenate[SignedInRequest, Registrant, P], HttpResponseBase]
View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]
LATEST = 3
LINES_A_PAGE = 25


def registered(view: OwnView[P]) -> View[P]:
    """Hand the view the person's registration. Anyone without one registers first, or continues."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        registrant = registrant_selectors.of_user(request.user)
        if registrant is None:
            return unfinished(request, request.user) or redirect("register_you")
        return view(request, registrant, *args, **kwargs)

    return guarded


@requires(Permission.OWN_REGISTRATION)
@require_safe
@registered
def profile(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    cameras = list(place_selectors.all_cameras_of(registrant))
    withheld = delays.withheld_from(registrant)
    shown = partial(look_presenters.lines_of, cameras=cameras, reader=request.user, withheld=withheld)
    of_others = look_selectors.entries_of_others(cameras, registrant=registrant, withheld=withheld)
    context = {
        "registrant": registrant,
        "waiting": [(asked, answer_url(asked)) for asked in requests.requests_to_answer(registrant)],
        **places_page(place_selectors.premises_of(registrant)),
        "looks": shown(list(look_selectors.entries_about(cameras, registrant)[:LATEST])),
        "latest": shown(list(of_others[:LATEST]))[:1],
        "contact": contact_facts(registrant, request.user.email),
        "offers_texts": is_configured(),
        "leads": list(other_county_selectors.leads_of(registrant)),
        "map": maps.ground(),
        "to_agree": to_agree(registrant),
        "cards": cards_of(request.user.role),
        "shared": shared_of(registrant),
    }
    return render(request, "registry/people/profile/profile.html", context)


@requires(Permission.OWN_REGISTRATION)
@require_safe
@registered
def history(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    page = Paginator(own_history.versions_of(registrant), LINES_A_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(own_history.load(page.object_list), reader=request.user)
    return render(request, "registry/people/profile/history.html", {"page": page, "lines": lines})


@requires(Permission.OWN_REGISTRATION)
@require_POST
@registered
def agree(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    try:
        shown = [UUID(document) for document in request.POST.getlist("document")]
    except ValueError:
        shown = []
    agreements.agree(registrant=registrant, by=request.user, documents=shown)
    messages.success(request, _("Thank you. You can read what you agreed to at any time, at the foot of each page."))
    return redirect("profile")


@requires(Permission.OWN_REGISTRATION)
@require_form
@registered
def contact(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    known = {name: getattr(registrant, name) for name in ("kind", "name", "phone", "language", *OF_A_BUSINESS)}
    known["may_call"] = registrant.contact_way == ContactWay.CALL
    was_business = registrant.kind == RegistrantKind.BUSINESS
    form = OwnContactForm(request.POST or None, registrant=registrant, initial=known)
    if changed := form.carry_out(registrant_services.change, registrant=registrant, by=request.user):
        messages.success(request, _("Saved."))
        is_new_business = changed.kind == RegistrantKind.BUSINESS and not was_business
        return redirect("contact" if is_new_business else "profile")
    return render(request, "registry/people/profile/contact.html", {"form": form, "offers_texts": is_configured()})
