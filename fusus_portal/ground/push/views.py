from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.push import makers, selectors, services


@requires(Permission.SEE_CONSOLE, SAFE)
def push(request: SignedInRequest) -> HttpResponse:
    _must_be_configured()
    said = {
        "is_on": selectors.of_session(request.session.session_key) is not None,
        "key": makers.public_key(),
        "minutes": int(settings.IDLE_LIMIT.total_seconds() // 60),
    }
    return render(request, "push/notices.html", said)


@requires(Permission.SEE_CONSOLE, POST)
@limit("push_on", "20/h")
def push_on(request: SignedInRequest) -> HttpResponse:
    _must_be_configured()
    said = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    try:
        services.turn_on_notices(session=request.session.session_key or "", by=request.user, **said)
    except ValidationError as fault:
        messages.error(request, fault.messages[0])
    return redirect("push")


@requires(Permission.SEE_CONSOLE, POST)
def push_off(request: SignedInRequest) -> HttpResponse:
    services.turn_off_notices(session=request.session.session_key or "", by=request.user)
    messages.success(request, _("Notices are off for this device."))
    return redirect("push")


@requires(Permission.SEE_CONSOLE, SAFE)
def push_worker(request: HttpRequest) -> HttpResponse:
    _must_be_configured()
    return render(
        request,
        "push/worker.js",
        {"sentence": _("Something waits for you in the portal.")},
        content_type="text/javascript",
    )


def _must_be_configured() -> None:
    if not makers.is_configured():
        raise Http404
