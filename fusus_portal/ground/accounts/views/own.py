from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.access import Permission, public, requires
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.accounts.forms import ContactForm, InvitationForm
from fusus_portal.ground.accounts.invitation_links import invitation_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts, invitations, sign_ins
from fusus_portal.ground.accounts.sign_in import sessions
from fusus_portal.ground.lifecycle import Other


@requires(Permission.OWN_ACCOUNT, entrance=True)
@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    return render(request, "account/overview.html")


@requires(Permission.SEE_CONSOLE)
@require_form
def contact(request: SignedInRequest) -> HttpResponse:
    form = ContactForm(
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
    """The system-use notice, kept until it is acknowledged (CJIS AC-8), before or after the sign-in."""
    next_page = _own_page(request)
    if request.method == "POST":
        if isinstance(request.user, User) and request.user.is_agency and not sessions.notice_acknowledged(request):
            sign_ins.acknowledge_notice(by=request.user)
        sessions.acknowledge_notice(request)
        if request.user.is_authenticated:
            return redirect(next_page or reverse("console"))
        query = f"?{urlencode({'next': next_page})}" if next_page else ""
        return redirect(reverse("account_login") + query)
    return render(request, "account/notice.html", {"next": next_page})


@requires(Permission.SEE_CONSOLE)
@require_POST
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
    change = invitation_of(token)
    invitations.check_open(change)
    form = InvitationForm(request.POST or None, email=change.email, initial={"name": change.name})
    by = Actor(ActorKind.LINK, str(change.pk), role=Other.INVITED)
    if form.carry_out(invitations.accept, change=change, by=by):
        messages.success(request, _("Your account is ready. Sign in, then set up a passkey or a code app."))
        return redirect("system_use_notice")
    return render(request, "account/invitation.html", {"form": form, "change": change})


def _own_page(request: HttpRequest) -> str:
    page = request.POST.get("next") or request.GET.get("next") or ""
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}) else ""
