"""Pages of the demo: what can be tried as whom, mail and texts that the portal sent, and one-time sign-in."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from csp.constants import NONE, SELF
from csp.decorators import csp
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.demo import mailbox, phone
from fusus_portal.demo.guard import account_of_role, account_of_token, demo_only
from fusus_portal.ground.access import public
from fusus_portal.ground.access.requests import require_form
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.sign_in import sessions
from fusus_portal.ground.notifications.services import text_numbers
from fusus_portal.ground.notifications.views import Word, answer
from fusus_portal.ground.pages.components import Table, link
from fusus_portal.ground.pages.times import localized_moment
from fusus_portal.oversight.annual.selectors import newest_versions

TO_TRY = {
    Role.RESIDENT: _("Answer a request for footage, read who looked, pause a camera, move, or leave."),
    Role.BUSINESS: _(
        "See how the CORE is doing, say when each camera may be seen live, and look at the orders. One camera is "
        "shared outside opening hours."
    ),
    Role.DEPUTY: _(
        "Open an incident, search around it, ask for footage, play what was given, and see cameras live. One incident "
        "was sent back: correct it."
    ),
    Role.SUPERVISOR: _("Verify an incident, declare it critical, and keep footage longer for a case."),
    Role.AUDITOR: _(
        "Search the log, look through a week of acts and flags, and sign the review. A reviewer from outside waits for "
        "an explanation."
    ),
    Role.CLERK: _("Pack an order, receive a return, and print the letters that confirm places."),
    Role.ADMINISTRATOR: _("Change limits, lists and people, and release the public figures."),
    Role.REVIEWER: _(
        "Read the weekly review from outside of the agency, without names. The auditor has explained one card."
    ),
}
"""Things to try in the demo, by role."""


@public
@require_safe
@demo_only
def start(request: HttpRequest) -> HttpResponse:
    people = [(role, account, TO_TRY[role]) for role in Role if (account := account_of_role(role))]
    report = next(iter(newest_versions()), None)
    return render(request, "demo/start.html", {"people": people, "report": report})


@public
@require_safe
@demo_only
def mail_letters(request: HttpRequest) -> HttpResponse:
    rows = [
        (link(each.subject, "demo_letter", each.name), each.to, localized_moment(each.written_at))
        for each in mailbox.letters()
    ]
    table = Table(str(_("Messages, newest first")), [_("Message"), _("To"), _("When")], rows)
    return render(request, "demo/mail.html", {"table": table})


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


ANSWERS = {Word.STOP: text_numbers.stop, Word.START: text_numbers.start}


@public
@require_form
@never_cache
@demo_only
def text_list(request: HttpRequest) -> HttpResponse:
    """Show the demo's phone; a POST answers a text with STOP or START, as its owner would."""
    texts = phone.texts()
    if request.method != "POST":
        return render(request, "demo/texts.html", {"texts": texts, "words": [word.name for word in ANSWERS]})
    number, word = request.POST.get("number", ""), request.POST.get("word", "").lower()
    if word not in {*ANSWERS} or number not in {text.number for text in texts}:
        raise Http404("the phone has no such text, or no such answer")
    ANSWERS[Word(word)](number=number)
    phone.take(number=number, body=answer(Word(word), number))
    return redirect("demo_texts")


@public
@csrf_exempt  # the portal calls it, as it calls a provider: by account and secret
@require_form
@never_cache
@demo_only
def text_gateway(request: HttpRequest) -> HttpResponse:
    """Take a text from the portal, or list those to a number, as a provider of texts does."""
    if not phone.is_portal(request.headers.get("Authorization", "")):
        return HttpResponse(status=401)
    if request.method != "POST":
        return JsonResponse({"messages": phone.listed(request.GET.get("To", ""))})
    phone.take(number=request.POST.get("To", ""), body=request.POST.get("Body", ""))
    return JsonResponse({"status": "queued"}, status=201)


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
    return _signed_in(request, account)


@public
@require_POST
@never_cache
@demo_only
@transaction.atomic
def sign_in_as(request: HttpRequest, role: str) -> HttpResponseBase:
    account = account_of_role(role)
    if account is None:
        raise Http404("nobody in the demo has this role")
    return _signed_in(request, account)


def _signed_in(request: HttpRequest, account: User) -> HttpResponseBase:
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
