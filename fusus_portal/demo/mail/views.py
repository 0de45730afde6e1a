from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from fusus_portal.demo.guard import demo_only
from fusus_portal.demo.mail import mailbox
from fusus_portal.ground.access import public


@public
@require_safe
@demo_only
def letters(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mail.html", {"letters": mailbox.letters()})


@public
@require_safe
@demo_only
def letter(request: HttpRequest, name: str) -> HttpResponse:
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
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """Return a message's HTML without scripts or requests to elsewhere; its links open in a new tab."""
    html = _letter(name).html
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))


def _letter(name: str) -> mailbox.Letter:
    found = mailbox.letter(name)
    if found is None:
        raise Http404("no such message")
    return found
