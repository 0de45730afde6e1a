"""A registrant's own pages: profile, contact, history, text messages."""

from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.access.limits import TooManyRequests, account_of, limit, spend
from fusus_portal.ground.access.source import network_of
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.notifications import policies, selectors as notifications
from fusus_portal.ground.notifications.channels.provider import is_configured
from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.notifications.services import text_numbers
from fusus_portal.ground.pages import maps
from registry.access_log import selectors as access_log
from registry.access_log.presenters import looks as look_presenters
from registry.canvasses.presenters.owners import waiting_requests
from registry.other_counties import selectors as other_county_selectors
from registry.people import selectors as people
from registry.people.forms import CodeForm, OwnContactForm, TextNumberForm, WishesForm
from registry.people.presenters.own_record import number_line, sender, version_lines
from registry.people.presenters.profile import contact_facts, places_page
from registry.people.services import registrants as registrant_services
from registry.people.services.registrants import OF_A_BUSINESS
from registry.places import selectors as place_selectors
from registry.places.hooks import shared_of
from registry.registrants.models import ContactWay, Registrant, RegistrantKind
from registry.registrants.views import OwnView, P, registered

LATEST = 3
LINES_A_PAGE = 25


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def profile(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    cameras = list(place_selectors.all_cameras_of(registrant))
    withheld = access_log.withheld_from(registrant)
    of_others = list(access_log.entries_of_others(cameras, registrant=registrant, withheld=withheld)[:LATEST])
    looks = look_presenters.look_lines(of_others, cameras=cameras, reader=request.user, withheld=withheld)
    context = {
        "registrant": registrant,
        "waiting": waiting_requests(registrant),
        **places_page(place_selectors.premises_of(registrant)),
        "latest": looks[:1],
        "map": maps.ground(),
        "to_agree": people.documents_to_agree(registrant),
        "shared": shared_of(registrant),
    }
    return render(request, "registry/people/profile/profile.html", context)


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def account(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    context = {
        "contact": contact_facts(registrant, request.user.email),
        "offers_texts": is_configured(),
        "leads": list(other_county_selectors.leads_of(registrant)),
    }
    return render(request, "registry/people/profile/account.html", context)


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def history(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    page = Paginator(people.versions_of(registrant), LINES_A_PAGE).get_page(request.GET.get("page"))
    lines = version_lines(people.load_versions(page.object_list), reader=request.user)
    return render(request, "registry/people/profile/history.html", {"page": page, "lines": lines})


@requires(Permission.OWN_REGISTRATION, POST)
@registered
def agree(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    try:
        shown = [UUID(document) for document in request.POST.getlist("document")]
    except ValueError:
        shown = []
    registrant_services.agree(registrant=registrant, by=request.user, documents=shown)
    messages.success(request, _("Thank you. You can read what you agreed to at any time, at the foot of each page."))
    return redirect("profile")


@requires(Permission.OWN_REGISTRATION, FORM)
@registered
def contact(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    known = {name: getattr(registrant, name) for name in ("kind", "name", "phone", "language", *OF_A_BUSINESS)}
    known["may_call"] = registrant.contact_way == ContactWay.CALL
    was_business = registrant.kind == RegistrantKind.BUSINESS
    form = OwnContactForm(request.POST or None, registrant=registrant, initial=known)
    if changed := form.carry_out(registrant_services.change, registrant=registrant, by=request.user):
        messages.success(request, _("Saved."))
        is_new_business = changed.kind == RegistrantKind.BUSINESS and not was_business
        return redirect("contact" if is_new_business else "profile_account")
    return render(request, "registry/people/profile/contact.html", {"form": form, "offers_texts": is_configured()})


TEXTS_FOLDER = "registry/people/texts"
TEXT_CODES = "3/d"
"""Most codes sent by text in a day, for each account, each number and each network."""


def offered(view: OwnView[P]) -> OwnView[P]:
    """Answer 404 for a page about texts if the office has no provider of texts."""

    @wraps(view)
    def guarded(
        request: SignedInRequest, registrant: Registrant, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not is_configured():
            raise NotYours(_("This office sends no text messages."))
        return view(request, registrant, *args, **kwargs)

    return guarded


@requires(Permission.OWN_REGISTRATION, FORM)
@registered
@offered
@limit("text_try", "30/m", account_of)
def texts(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    number = notifications.number_of(request.user)
    if number is None:
        return render(request, f"{TEXTS_FOLDER}/texts.html")
    if number.confirmed_at is not None:
        context = {"line": number_line(number), "form": WishesForm(initial=_wishes(number))}
        return render(request, f"{TEXTS_FOLDER}/texts.html", context)
    form = CodeForm(request.POST or None)
    if form.carry_out(text_numbers.confirm, by=request.user):
        messages.success(request, _("Text messages are on. We still write to you by e-mail as well."))
        return redirect("texts")
    context = {"form": form, "line": number_line(number), "minutes": policies.CODE_MINUTES}
    return render(request, f"{TEXTS_FOLDER}/code.html", context)


@privileged
@requires(Permission.OWN_REGISTRATION, FORM)
@registered
@offered
@limit("text_number", "10/h", account_of)
def texts_number(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Take a number for texts, after the password as for a change of the e-mail address: texts have links."""
    wishes = _wishes(notifications.number_of(request.user))
    form = TextNumberForm(request.POST or None, initial={"number": registrant.phone, **wishes})
    if form.is_valid() and not _is_counted(request, form.cleaned_data["number"]):
        form.add_error("number", _too_many())
    if form.carry_out(text_numbers.ask, by=request.user):
        return redirect("texts")
    return render(request, f"{TEXTS_FOLDER}/number.html", {"form": form, "sender": sender()})


@requires(Permission.OWN_REGISTRATION, POST)
@registered
@offered
def texts_again(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    number = notifications.number_of(request.user)
    if number is None or number.confirmed_at is not None:
        return redirect("texts")
    if _is_counted(request, number.number):
        text_numbers.ask(by=request.user, number=number.number, **_wishes(number))
        messages.success(request, _("We sent a new code."))
    else:
        messages.error(request, _too_many())
    return redirect("texts")


@requires(Permission.OWN_REGISTRATION, POST)
@registered
@offered
def texts_choose(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    form = WishesForm(request.POST)
    if form.carry_out(text_numbers.choose, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("texts")
    number = notifications.number_of(request.user)
    line = number_line(number) if number else None
    return render(request, f"{TEXTS_FOLDER}/texts.html", {"line": line, "form": form}, status=422)


@requires(Permission.OWN_REGISTRATION, POST)
@registered
def texts_off(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    text_numbers.turn_off(by=request.user)
    messages.success(request, _("Text messages are off. We write to you by e-mail as before."))
    return redirect("texts" if is_configured() else "profile_account")


def _wishes(number: TextNumber | None) -> dict[str, bool]:
    return {"requests": number.requests, "looks": number.looks} if number else {}


def _is_counted(request: SignedInRequest, number: str) -> bool:
    """Count one more code sent by text; True if it may be sent. Raises CannotCount when the counter is away."""
    counted = {
        "text_code_account": account_of(request),
        "text_code_number": policies.digest_of(policies.check_number(number)),
        "text_code_network": network_of(request),
    }
    try:
        for name, key in counted.items():
            spend(name, TEXT_CODES, key)
    except TooManyRequests:
        return False
    return True


def _too_many() -> str:
    return _("Three codes were sent today for this account, this number or this connection. Try again tomorrow.")
