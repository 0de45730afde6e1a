import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.agency import seals, selectors
from fusus_portal.ground.agency.colors import COLOR
from fusus_portal.ground.agency.forms.agency import AgencyForm, ChosenSealForm, SealForm
from fusus_portal.ground.agency.limit_pages import history_page
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.agency.presenters import history
from fusus_portal.ground.agency.services import agency
from fusus_portal.ground.agency.steps import Step, saved, step_of
from fusus_portal.ground.picture_forms import say_refusal, takes_picture


@privileged
@requires(Permission.ADMINISTER)
@require_form
def agency_data(request: SignedInRequest) -> HttpResponse:
    row = Agency.current()
    form = AgencyForm(request.POST or None, instance=Agency.current(), initial={"revision": row.revision})
    step = step_of(request, form)
    if step is Step.SAVE and saved(form, lambda: agency.change(by=request.user, **form.cleaned_data)):
        messages.success(request, _("Saved. Everyone sees it from now on."))
        return redirect("admin")
    if step is Step.LOOK:
        context = {
            "form": form,
            "proposed": selectors.words_of(form.instance),
            "proposal": form.instance,
            "differences": history.differences(row, form.instance, model=Agency),
        }
        return render(request, "console/admin/agency_look.html", context)
    return render(request, "console/admin/agency.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_safe
def preview_css(request: SignedInRequest, primary: str, accent: str) -> HttpResponse:
    """Return proposed colors as a stylesheet for the preview: the content policy allows no inline style."""
    colors = {"primary": f"#{primary}", "accent": f"#{accent}"}
    if not all(re.fullmatch(COLOR, color) for color in colors.values()):
        raise Http404
    return render(request, "console/admin/preview.css", colors, content_type="text/css; charset=utf-8")


@requires(Permission.ADMINISTER)
@require_safe
def agency_history(request: SignedInRequest) -> HttpResponse:
    heading = _("What changed in the agency data")
    return history_page(request, Agency, heading=heading, back="agency_data", back_label=_("Agency data"))


@privileged
@requires(Permission.ADMINISTER)
@takes_picture
@require_form
def agency_seal(request: SignedInRequest) -> HttpResponse:
    row = Agency.current()
    chosen = ChosenSealForm(request.POST if "seal" in request.POST else None)
    if chosen.is_valid():
        return _show_seal(request, chosen)
    form = SealForm(request.POST, request.FILES) if request.method == "POST" else SealForm()
    digest = ""
    say_refusal(form, "picture", request)
    if form.is_valid():
        try:
            digest = seals.keep(form.cleaned_data["picture"], sender=request.user.pk)
        except ValidationError as error:
            form.add_error("picture", error)
    context = {"form": form, "row": row, "seal_now": selectors.seal_url(row), "digest": digest}
    return render(request, "console/admin/seal.html", context)


def _show_seal(request: SignedInRequest, chosen: ChosenSealForm) -> HttpResponse:
    try:
        agency.change_seal(by=request.user, **chosen.cleaned_data)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("agency_seal")
    messages.success(request, _("Saved. The new seal is on every page from now on."))
    return redirect("admin")
