"""Pages of the demo: mail that the portal sent, and one-time sign-in."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from csp.constants import NONE, SELF
from csp.decorators import csp
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from fusus_portal.demo import mailbox
from fusus_portal.demo.guard import account_of_token, demo_only
from fusus_portal.ground.access import public
from fusus_portal.ground.accounts.sign_in import sessions


@public
@require_safe
@demo_only
def mail_letters(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mail.html", {"letters": mailbox.letters()})


@public
@require_safe
@demo_only
def mail_letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mail_letter.html", {"letter": _letter(name)})


@public
@require_safe
@demo_only
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]
    {
        "default-src": [NONE],
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    }
)
def mail_letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """Return a message's HTML without scripts or requests to elsewhere; its links open in a new tab."""
    html = _letter(name).html
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))


def _letter(name: str) -> mailbox.Letter:
    found = mailbox.letter(name)
    if found is None:
        raise Http404("no such message")
    return found


@public
@require_safe
@never_cache
@demo_only
@transaction.atomic
def sign_in(request: HttpRequest, token: str) -> HttpResponseBase:
    """Sign in the account of a one-time address, as if a person had typed password and code and accepted the notice."""
    account = account_of_token(token)
    if account is None:
        raise Http404("the address was used already, or is too old")
    request.session.flush()
    sessions.acknowledge_notice(request)
    record_authentication(request, account, "password", email=account.email)
    if account.is_agency:
        record_authentication(request, account, "mfa", type="demo")
    adapter = get_adapter(request)
    adapter.login(request, account)
    response: HttpResponseBase = adapter.post_login(
        request,
        account,
        email_verification="none",
        signal_kwargs=None,
        email=account.email,
        signup=False,
        redirect_url=None,
    )
    return response
