from uuid import UUID

from allauth.account.utils import perform_login
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.gate import redirect_to
from fusus_portal.ground.access.limits import limit, spend
from fusus_portal.ground.access.requests import evened, require_form
from fusus_portal.ground.access.source import network_of
from fusus_portal.ground.accounts import forms, policies, selectors
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.presenters import (
    cannot_suspend,
    history_of,
    is_called,
    open_change,
    open_suspension,
    person_of,
)
from fusus_portal.ground.accounts.services import accounts, role_changes, sign_ins, suspensions
from fusus_portal.ground.accounts.sign_in import provider, sessions, unfinished
from fusus_portal.ground.accounts.states import RoleChangeKind
from fusus_portal.ground.lifecycle import Other, Refused


@public
@never_cache
@require_form
@limit("other_address", "10/m")
@evened
@transaction.atomic
def other_address(request: HttpRequest) -> HttpResponse:
    """Correct the address of an unconfirmed sign-up. An address in use gets the same answer, and a mail."""
    begun = unfinished.find(request)
    if begun is None:
        return redirect("account_email" if request.user.is_authenticated else "account_signup")
    form = forms.OtherAddressForm(request.POST or None, begun=begun)
    if form.is_valid():
        return form.begin(request)
    return render(request, "account/other_address.html", {"form": form})


@public
@never_cache
@require_POST
@evened
@transaction.atomic
def start_again(request: HttpRequest) -> HttpResponse:
    unfinished.end(request)
    return redirect("account_signup")


RATE = "120/m"
"""Visits to our pages for the identity provider, from one network. Each may call the provider and write an entry."""


@public
@never_cache
@require_safe
def oidc_begin(request: HttpRequest) -> HttpResponse:
    _must_have_provider()
    spend("oidc", RATE, network_of(request))
    next_page = _own_page(request)
    if isinstance(request.user, User) and not request.user.is_agency:
        return redirect("account")
    try:
        return provider.send(request, next_page=next_page, again=request.user.is_authenticated)
    except provider.NotProved:
        return _failed(request, next_page)


@public
@never_cache
@require_safe
def oidc_callback(request: HttpRequest) -> HttpResponse:
    _must_have_provider()
    spend("oidc", RATE, network_of(request))
    next_page = ""
    try:
        proof, begun = provider.receive(request)
        next_page = begun.next_page
        with transaction.atomic():
            account = accounts.recognize(issuer=proof.issuer, subject=proof.subject, email=proof.email)
            return _let_in(request, account, proof, begun)
    except (provider.NotProved, Refused):
        return _failed(request, next_page)


def _let_in(request: HttpRequest, account: User, proof: provider.Proof, begun: provider.Begun) -> HttpResponse:
    if not request.user.is_authenticated:
        sessions.note_outside_proof(request, account, at=proof.at, second_factor=proof.has_second_factor)
        answer: HttpResponse = perform_login(request, account, redirect_url=begun.next_page or None)
        return answer
    if not begun.again or request.user != account:
        raise provider.NotProved
    sessions.note_outside_proof(request, account, at=proof.at, second_factor=proof.has_second_factor)
    sign_ins.note_renewed(method=sessions.OUTSIDE, by=account)
    return redirect(begun.next_page or reverse("account"))


def _failed(request: HttpRequest, next_page: str) -> HttpResponse:
    """Count a failed sign-in by the identity provider; show one message for every reason."""
    sign_ins.note_failed()
    messages.error(request, policies.refusal_sentence())
    page = "account_reauthenticate" if request.user.is_authenticated else "account_login"
    return redirect_to(page, next_page=next_page)


def _must_have_provider() -> None:
    if not provider.is_configured():
        raise Http404


@requires(Permission.OWN_ACCOUNT, SAFE, entrance=True)
def account(request: SignedInRequest) -> HttpResponse:
    return render(request, "account/overview.html")


@requires(Permission.SEE_CONSOLE, FORM)
def contact(request: SignedInRequest) -> HttpResponse:
    form = forms.ContactForm(
        request.POST or None,
        initial={"name": request.user.name, "call_back_number": request.user.call_back_number},
    )
    if form.is_valid():
        accounts.change_contact(account=request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("account")
    return render(request, "account/contact.html", {"form": form})


@public
@never_cache
@require_form
def system_use_notice(request: HttpRequest) -> HttpResponse:
    """Show the system-use notice until it is acknowledged (CJIS AC-8), before or after the sign-in."""
    next_page = _own_page(request)
    if request.method == "POST":
        if isinstance(request.user, User) and request.user.is_agency and not sessions.notice_acknowledged(request):
            sign_ins.acknowledge_notice(by=request.user)
        sessions.acknowledge_notice(request)
        if request.user.is_authenticated:
            return redirect(next_page or reverse("console"))
        return redirect_to("account_login", next_page=next_page)
    return render(request, "account/notice.html", {"next": next_page})


@requires(Permission.SEE_CONSOLE, POST)
def stay_signed_in(request: SignedInRequest) -> HttpResponse:
    """Restart the idle clock; the page's script calls this after a key press."""
    sessions.extend(request)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect(_own_page(request) or reverse("console"))


@public
@never_cache
@require_form
@limit("invitation", "20/m")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: choose name and password. Opening the link changes nothing."""
    change = selectors.invitation_of(token)
    policies.check_invitation(change)
    form = forms.InvitationForm(request.POST or None, email=change.email, initial={"name": change.name})
    by = Actor(ActorKind.LINK, str(change.pk), role=Other.INVITED)
    if form.carry_out(role_changes.accept_invitation, change=change, by=by):
        messages.success(request, _("Your account is ready. Sign in, then set up a passkey or a code app."))
        return redirect("system_use_notice")
    return render(request, "account/invitation.html", {"form": form, "change": change})


def _own_page(request: HttpRequest) -> str:
    page = request.POST.get("next") or request.GET.get("next") or ""
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}) else ""


@requires(Permission.PEOPLE, SAFE)
def people(request: SignedInRequest) -> HttpResponse:
    role_changes.list_people(by=request.user)
    form = forms.PeopleSearchForm(request.GET)
    typed = form.typed()
    suspended = list(selectors.open_suspensions())
    out = {each.account_id for each in suspended}
    listed = [person_of(account, is_suspended=account.pk in out) for account in selectors.agency_people()]
    context = {
        "form": form,
        "typed": typed,
        "suspensions": [open_suspension(each, request.user) for each in suspended],
        "open_changes": [open_change(change, request.user) for change in selectors.open_changes()],
        "people": [each for each in listed if is_called(each, typed)],
    }
    return render(request, "console/people/list.html", context)


@privileged
@requires(Permission.PEOPLE, FORM)
def person_invite(request: SignedInRequest) -> HttpResponse:
    form = forms.InviteForm(request.POST or None)
    if form.carry_out(role_changes.invite, by=request.user):
        messages.success(request, _("Proposed. Another administrator approves it, then the invitation goes out."))
        return redirect("people")
    return render(request, "console/people/invite.html", {"form": form})


@privileged
@requires(Permission.PEOPLE, FORM)
def person(request: SignedInRequest, account_id: UUID) -> HttpResponse:
    account = selectors.agency_person(account_id)
    form = forms.ChangeForm(request.POST or None, account=account)
    if form.carry_out(role_changes.propose, account=account, by=request.user):
        messages.success(request, _("Proposed. It takes effect when another administrator approves it."))
        return redirect("people")
    role_changes.open_person(account=account, by=request.user)
    suspended = account.is_suspended
    context = {
        "form": form,
        "person": person_of(account, is_suspended=suspended),
        "history": history_of(account),
        "is_self": account.pk == request.user.pk,
        "cannot_suspend": cannot_suspend(account, request.user),
        "is_suspended": suspended,
    }
    return render(request, "console/people/person.html", context)


@privileged
@requires(Permission.PEOPLE, FORM)
def person_suspend(request: SignedInRequest, account_id: UUID) -> HttpResponse:
    account = selectors.agency_person(account_id)
    form = forms.SuspendForm(request.POST or None)
    if form.carry_out(suspensions.suspend, account=account, by=request.user):
        messages.success(request, _("Suspended. Ask another administrator to confirm it within a day."))
        return redirect("people")
    role_changes.open_person(account=account, by=request.user)
    context = {"form": form, "account": account, "cannot": cannot_suspend(account, request.user)}
    return render(request, "console/people/suspend.html", context)


@privileged
@requires(Permission.PEOPLE, POST)
def suspension_confirm(request: SignedInRequest, suspension_id: UUID) -> HttpResponse:
    suspensions.confirm(suspension=selectors.suspension(suspension_id), by=request.user)
    messages.success(request, _("Confirmed. The account stays disabled until two administrators enable it."))
    return redirect("people")


@privileged
@requires(Permission.PEOPLE, POST)
def change_approve(request: SignedInRequest, change_id: UUID) -> HttpResponse:
    change = role_changes.approve(change=selectors.change(change_id), by=request.user)
    if change.kind == RoleChangeKind.INVITE:
        messages.success(request, _("Approved. The invitation is on its way to %(email)s.") % {"email": change.email})
    else:
        messages.success(request, _("Approved. It is in effect, and the person is told by e-mail."))
    return redirect("people")


@privileged
@requires(Permission.PEOPLE, POST)
def change_cancel(request: SignedInRequest, change_id: UUID) -> HttpResponse:
    role_changes.cancel(change=selectors.change(change_id), by=request.user)
    messages.success(request, _("Canceled. Nothing changes."))
    return redirect("people")
