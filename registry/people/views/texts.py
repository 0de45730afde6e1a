"""Text messages: a person turns them on with a code, chooses what comes, and turns them off with one press."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.limits import TooManyRequests, account_of, limit, spend
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.access.source import network_of
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.notifications import policies, selectors
from fusus_portal.ground.notifications.channels.text.provider import is_configured
from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.notifications.services import text_numbers
from registry.people.forms.texts import CodeForm, TextNumberForm, WishesForm
from registry.people.models import Registrant
from registry.people.presenters.texts import line_of, sender
from registry.people.views.profile import OwnView, P, registered

FOLDER = "registry/people/texts"
CODES = "3/d"
"""So many codes in a day for an account, for a number, and for a network."""


def offered(view: OwnView[P]) -> OwnView[P]:
    """Answer 404 where the office has no provider."""

    @wraps(view)
    def guarded(
        request: SignedInRequest, registrant: Registrant, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not is_configured():
            raise NotYours(_("This office sends no text messages."))
        return view(request, registrant, *args, **kwargs)

    return guarded


@requires(Permission.OWN_REGISTRATION)
@require_form
@registered
@offered
@limit("text_try", "30/m", account_of)
def texts(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Say how it is with texts. Of a number that waits for its code, take the code."""
    number = selectors.number_of(request.user)
    if number is None:
        return render(request, f"{FOLDER}/texts.html")
    if number.confirmed_at is not None:
        context = {"line": line_of(number), "form": WishesForm(initial=_wishes(number))}
        return render(request, f"{FOLDER}/texts.html", context)
    form = CodeForm(request.POST or None)
    if form.carry_out(text_numbers.confirm, by=request.user):
        messages.success(request, _("Text messages are on. We still write to you by e-mail as well."))
        return redirect("texts")
    context = {"form": form, "line": line_of(number), "minutes": policies.CODE_MINUTES}
    return render(request, f"{FOLDER}/code.html", context)


@privileged
@requires(Permission.OWN_REGISTRATION)
@require_form
@registered
@offered
@limit("text_number", "10/h", account_of)
def texts_number(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Give the number. It asks for the password first, as a change of the e-mail address does: links go there."""
    wishes = _wishes(selectors.number_of(request.user))
    form = TextNumberForm(request.POST or None, initial={"number": registrant.phone, **wishes})
    if form.is_valid() and not _is_counted(request, form.cleaned_data["number"]):
        form.add_error("number", _too_many())
    if form.carry_out(text_numbers.ask, by=request.user):
        return redirect("texts")
    return render(request, f"{FOLDER}/number.html", {"form": form, "sender": sender()})


@requires(Permission.OWN_REGISTRATION)
@require_POST
@registered
@offered
def texts_again(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Send another code to the number that waits for one."""
    number = selectors.number_of(request.user)
    if number is None or number.confirmed_at is not None:
        return redirect("texts")
    if _is_counted(request, number.number):
        _ask_again(request, number)
    else:
        messages.error(request, _too_many())
    return redirect("texts")


@requires(Permission.OWN_REGISTRATION)
@require_POST
@registered
@offered
def texts_choose(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Change what comes by text."""
    form = WishesForm(request.POST)
    if form.carry_out(text_numbers.choose, by=request.user):
        messages.success(request, _("Saved."))
        return redirect("texts")
    number = selectors.number_of(request.user)
    line = line_of(number) if number else None
    return render(request, f"{FOLDER}/texts.html", {"line": line, "form": form}, status=422)


@requires(Permission.OWN_REGISTRATION)
@require_POST
@registered
def texts_off(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Turn texts off, and forget the number."""
    text_numbers.turn_off(by=request.user)
    messages.success(request, _("Text messages are off. We write to you by e-mail as before."))
    return redirect("texts" if is_configured() else "profile")


def _wishes(number: TextNumber | None) -> dict[str, bool]:
    """Return what somebody wants now, nothing where they never said."""
    return {"requests": number.requests, "looks": number.looks} if number else {}


def _ask_again(request: SignedInRequest, number: TextNumber) -> None:
    text_numbers.ask(by=request.user, number=number.number, **_wishes(number))
    messages.success(request, _("We sent a new code."))


def _is_counted(request: SignedInRequest, number: str) -> bool:
    """Count one more code; return whether it may be sent. Raises CannotCount when that can't be counted."""
    counted = {
        "text_code_account": account_of(request),
        "text_code_number": policies.digest_of(policies.check_number(number)),
        "text_code_network": network_of(request),
    }
    try:
        for name, key in counted.items():
            spend(name, CODES, key)
    except TooManyRequests:
        return False
    return True


def _too_many() -> str:
    return _("Three codes were sent today for this account, this number or this connection. Try again tomorrow.")
