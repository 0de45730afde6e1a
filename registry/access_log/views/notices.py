from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import Permission, public, requires
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.access_log.forms import NoticesForm
from registry.access_log.notice_links import meant_by
from registry.access_log.selectors.notices import settings_of
from registry.access_log.services import notices as notice_services
from registry.people.models import Registrant
from registry.people.views.profile import registered


@requires(Permission.OWN_REGISTRATION)
@require_form
@registered
def notices(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    known = settings_of(registrant)
    form = NoticesForm(request.POST or None, initial=model_to_dict(known, ["searches", "footage", "monthly"]))
    if form.is_valid():
        notice_services.change(registrant=registrant, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "registry/access_log/notices.html", {"form": form})


@public
@csrf_exempt  # a mail program has no cookie and no page of ours; the token alone says what it may stop (RFC 8058)
@never_cache
@require_form
@limit("notices_stop", "60/m")
def notices_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a kind of mail. Opening the link changes nothing: mail scanners do it."""
    registrant, channel = meant_by(token)
    if request.method == "POST":
        notice_services.stop(registrant=registrant, channel=channel)
    context = {"what": channel.label, "stopped": request.method == "POST"}
    return render(request, "registry/access_log/notices_stop.html", context)
