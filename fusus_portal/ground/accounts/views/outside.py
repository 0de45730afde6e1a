from allauth.account.utils import perform_login
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import spend
from fusus_portal.ground.access.source import network_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import identities, sign_ins
from fusus_portal.ground.accounts.sign_in import provider, sessions
from fusus_portal.ground.accounts.sign_in.provider import Begun, NotProved, Proof
from fusus_portal.ground.lifecycle import Refused

RATE = "120/m"
"""For a network: an office may share one address. Each try may call the provider and write an entry."""


@public
@never_cache
@require_safe
def oidc_begin(request: HttpRequest) -> HttpResponse:
    _must_be_configured()
    spend("oidc", RATE, network_of(request))
    next_page = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(next_page, allowed_hosts={request.get_host()}):
        next_page = ""
    if isinstance(request.user, User) and not request.user.is_agency:
        return redirect("account")
    try:
        return provider.send(request, next_page=next_page, again=request.user.is_authenticated)
    except NotProved:
        return _failed(request, next_page)


@public
@never_cache
@require_safe
def oidc_callback(request: HttpRequest) -> HttpResponse:
    _must_be_configured()
    spend("oidc", RATE, network_of(request))
    next_page = ""
    try:
        proof, begun = provider.receive(request)
        next_page = begun.next_page
        with transaction.atomic():
            account = identities.recognize(issuer=proof.issuer, subject=proof.subject, email=proof.email)
            return _let_in(request, account, proof, begun)
    except (NotProved, Refused):
        return _failed(request, next_page)


def _let_in(request: HttpRequest, account: User, proof: Proof, begun: Begun) -> HttpResponse:
    if not request.user.is_authenticated:
        sessions.note_outside_proof(request, account, at=proof.at, second_factor=proof.has_second_factor)
        answer: HttpResponse = perform_login(request, account, redirect_url=begun.next_page or None)
        return answer
    if not begun.again or request.user != account:
        raise NotProved
    sessions.note_outside_proof(request, account, at=proof.at, second_factor=proof.has_second_factor)
    sign_ins.renew(method=sessions.OUTSIDE, by=account)
    return redirect(begun.next_page or reverse("account"))


def _failed(request: HttpRequest, next_page: str) -> HttpResponse:
    """Count a failed sign-in; one message for every reason."""
    sign_ins.fail()
    messages.error(request, identities.refused())
    page = "account_reauthenticate" if request.user.is_authenticated else "account_login"
    query = f"?{urlencode({'next': next_page})}" if next_page else ""
    return redirect(reverse(page) + query)


def _must_be_configured() -> None:
    if not provider.is_configured():
        raise Http404
