"""A business's own pages about sharing: the one big pause, each camera's rule, "share now", and what was said when."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from audit.ledger.receipts import seals_of
from fusus_portal.access import Permission, requires
from fusus_portal.access.limits import account_of, limit
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from fusus_portal.serving.lanes import urgent
from integration.forms.sharing import RuleForm, ShareNowForm
from integration.models import SharingMode
from integration.presenters.agreements import last_day, state_of
from integration.presenters.sharing import card_of, moment, said_by, sharing_page
from integration.selectors import agreements as signed
from integration.selectors import sharing as own
from integration.services import sharing
from registry.models import Registrant
from registry.presenters.look_groups import grouped
from registry.presenters.looks import looks_of
from registry.selectors.delays import withheld_from
from registry.selectors.registrants import all_cameras_of
from registry.views.public.profile import registered

A_PAGE = 25


@urgent
@requires(Permission.OWN_DEVICES)
@never_cache
@require_safe
@registered
def own_sharing(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Show what is shared just now, the pause, the agreement, and each camera."""
    agreement = signed.current(registrant)
    page = sharing_page(own.cameras_of(registrant), agreement, own.pause_of(registrant))
    ended = None if agreement else signed.all_of(registrant).first()
    context = {
        "page": page,
        "last_day": last_day(agreement) if agreement else "",
        "ended": ended,
        "ended_words": state_of(ended) if ended else "",
    }
    return render(request, "integration/public/sharing.html", context)


@urgent
@requires(Permission.OWN_DEVICES)
@require_POST
@registered
def pause(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Pause everything, at once."""
    sharing.pause(registrant=registrant, by=request.user)
    messages.success(request, _("Everything is paused. Nobody can see any of your cameras until you end the pause."))
    return redirect("own_sharing")


@requires(Permission.OWN_DEVICES)
@require_POST
@registered
def resume(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """End the pause."""
    sharing.resume(registrant=registrant, by=request.user)
    messages.success(request, _("The pause has ended. The rule of each camera counts again."))
    return redirect("own_sharing")


@urgent
@requires(Permission.OWN_DEVICES)
@never_cache
@require_form
@limit("camera", "60/m", account_of)
def rule(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Set when one of the business's own cameras may be seen."""
    camera = own.camera(request.user, pk)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=own.rule_of(camera))
    if form.is_valid():
        try:
            saved = sharing.set_rule(camera=camera, by=request.user, wish=form.wish())
        except ValidationError as wrong:
            form.add_refusal(wrong)
        else:
            if saved.mode == SharingMode.ASK:
                messages.success(request, _("Saved. Nobody can see this camera until you share it below."))
                return redirect("sharing_rule", pk)
            messages.success(request, _("Saved: %(name)s.") % {"name": camera.camera.name})
            return redirect("own_sharing")
    return render(request, "integration/public/rule.html", {"form": form, **_about(camera)})


@requires(Permission.OWN_DEVICES)
@require_POST
@limit("camera", "60/m", account_of)
def share_now(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Let one of the business's own cameras be seen for some hours."""
    camera = own.camera(request.user, pk)
    form = ShareNowForm(request.POST)
    if form.is_valid():
        shared = sharing.share_now(camera=camera, by=request.user, hours=form.cleaned_data["hours"])
        until = moment(shared.shared_until) if shared.shared_until else ""
        messages.success(request, _("Shared until %(time)s. You can stop it at any time.") % {"time": until})
        return redirect("sharing_rule", pk)
    context = {"form": RuleForm(rule=own.rule_of(camera)), **_about(camera), "now_form": form}
    return render(request, "integration/public/rule.html", context)


@urgent
@requires(Permission.OWN_DEVICES)
@require_POST
@limit("camera", "60/m", account_of)
def stop_sharing(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End "share now", at once."""
    camera = own.camera(request.user, pk)
    sharing.stop_sharing(camera=camera, by=request.user)
    messages.success(request, _("Stopped. Nobody can see this camera now."))
    return redirect("sharing_rule", pk)


@requires(Permission.OWN_DEVICES)
@never_cache
@require_safe
@registered
def history(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Show who said what about sharing, and when, each with its receipt: the consent ledger."""
    cameras = list(all_cameras_of(registrant))
    page = Paginator(own.consents_about(cameras), A_PAGE).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    looks = looks_of(
        entries,
        cameras=cameras,
        reader=request.user,
        withheld=withheld_from(registrant),
        seals=seals_of(entry.pk for entry in entries),
    )
    context = {
        "page": page,
        "lines": [(look, said_by(entry.facts)) for look, entry in zip(looks, entries, strict=True)],
        "agreements": [(each, state_of(each)) for each in signed.all_of(registrant)],
        "pauses": own.pauses_of(registrant)[:A_PAGE],
    }
    return render(request, "integration/public/history.html", context)


def _about(camera: Any) -> dict[str, Any]:
    registrant = camera.camera.premises.registrant
    card = card_of(camera, signed.current(registrant), own.pause_of(registrant), timezone.now())
    entries = list(own.views_of(camera)[:A_PAGE])
    looks = looks_of(entries, cameras=[camera.camera], reader=registrant.user, withheld=withheld_from(registrant))
    return {"card": card, "now_form": ShareNowForm(), "looks": grouped(entries, looks)}
