"""Signing the sharing agreement, renewing it, taking it back, and both on paper."""

from importlib import import_module
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, privileged, requires
from fusus_portal.access.limits import account_of, limit
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from fusus_portal.agency.presenters.documents import blocks_of
from fusus_portal.agency.selectors import sharing_terms
from fusus_portal.agency.steps import Step, step_of
from fusus_portal.lifecycle import Stale
from fusus_portal.serving.lanes import urgent
from integration.forms.sharing import SignForm
from integration.models import SharingAgreement
from integration.presenters.agreements import facts_of
from integration.rules import AGREEMENT_LIFE
from integration.selectors import agreements as signed
from integration.services import agreements
from registry.models import Registrant
from registry.views.public.profile import registered


@privileged
@requires(Permission.OWN_DEVICES)
@never_cache
@require_form
@registered
def sign(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Read the agreement, say who signs, look at it once more, and only then sign."""
    terms = sharing_terms()
    form = SignForm(request.POST if request.method == "POST" else None, initial={"document": terms.pk})
    step = step_of(request, form)
    if step is Step.SAVE:
        typed = {name: form.cleaned_data[name] for name in ("document", "signer", "title")}
        try:
            agreements.sign(registrant=registrant, by=request.user, **typed)
        except ValidationError as wrong:
            form.add_error(None, wrong)
            step = Step.FILL_IN
        else:
            messages.success(request, _("Signed. The rule of each camera says when it may be seen."))
            return redirect("own_sharing")
    context: dict[str, Any] = {
        "form": form,
        "terms": terms,
        "blocks": blocks_of(terms.text(get_language() or "en")),
        "registrant": registrant,
        "current": signed.current(registrant),
        "last_day": date_format(timezone.localdate() + AGREEMENT_LIFE, "DATE_FORMAT"),
    }
    template = "sign_look" if step is Step.LOOK else "sign"
    return render(request, f"integration/public/{template}.html", context)


@urgent
@requires(Permission.OWN_DEVICES)
@never_cache
@require_form
def revoke(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say what stops; take the agreement back once that is confirmed. No password stands in the way."""
    agreement = signed.own(request.user, pk)
    if request.method == "POST":
        agreements.revoke(agreement=agreement, by=request.user)
        messages.success(request, _("The agreement is taken back. Nothing is shared any more. The proof is below."))
        return redirect("own_sharing")
    return render(request, "integration/public/revoke.html", {"agreement": agreement, "facts": facts_of(agreement)})


@requires(Permission.OWN_DEVICES)
@never_cache
@require_safe
@limit("agreement_paper", "12/m", account_of)
def paper(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Hand over one of the business's own agreements as it was signed."""
    return _paper(signed.own(request.user, pk), of_its_end=False)


@requires(Permission.OWN_DEVICES)
@never_cache
@require_safe
@limit("agreement_paper", "12/m", account_of)
def end_paper(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Hand over the proof that it is over."""
    agreement = signed.own(request.user, pk)
    if agreement.over_at is None:
        raise Stale(_("This agreement is in force, so there is no proof of its end."), subject=agreement.subject)
    return _paper(agreement, of_its_end=True)


def _paper(agreement: SharingAgreement, *, of_its_end: bool) -> HttpResponse:
    number = agreement.registrant.reference if agreement.registrant else ""
    name = f"{number}-agreement-{'end-' if of_its_end else ''}{agreement.signed_at:%Y-%m-%d}.pdf"
    content = import_module("integration.agreement_paper").drawn(agreement, of_its_end=of_its_end)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
