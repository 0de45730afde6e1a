from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages.acts import OWN, ActPage, Way
from fusus_portal.ground.serving.lanes import sends_files
from registry.letters import policies, selectors, services
from registry.letters.forms import LetterCodeForm
from registry.limits.models import Limits
from registry.places import selectors as places
from registry.registrants.models import Registrant
from registry.registrants.views import registered
from registry.rules import LETTER_LIFE


@requires(Permission.OWN_REGISTRATION, FORM)
def letter_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = places.premises(request.user, pk)
    if request.method == "POST":
        services.ask_letter(premises=premises, by=request.user)
        messages.success(request, _("We will send a letter to this address. Type its code here when it comes."))
        return redirect("profile")
    context = {
        "premises": premises,
        "disabled_reason": why_not(policies.must_want_letter, premises),
        "days": LETTER_LIFE.days,
        "leaves_out": Limits.current().leaves_out_unconfirmed,
    }
    return render(request, "registry/letters/letter_new.html", context)


@requires(Permission.OWN_REGISTRATION, FORM)
@limit("letter_code", "20/h", account_of)
@registered
def place_code(request: SignedInRequest, registrant: Registrant, code: str = "") -> HttpResponse:
    """Take the code of a letter. code: from the scanned address; the person still presses the button."""
    form = LetterCodeForm(request.POST or None, initial={"code": code})
    if premises := form.carry_out(services.enter_code, registrant=registrant, by=request.user):
        messages.success(request, _("Thank you. This place is confirmed: %(address)s") % {"address": premises.address})
        return redirect("profile")
    return ActPage(
        title=_("The code in our letter"),
        intro=_("It confirms the place that we sent the letter to."),
        label=_("Confirm this place"),
        post_url=reverse("place_code"),
        way=Way(reverse("profile"), _("My profile"), _("Not now")),
        base=OWN,
    ).answer(request, form)


@requires(Permission.SEND_LETTERS, SAFE)
def letter_batches(request: SignedInRequest) -> HttpResponse:
    context = {"batches": selectors.batches(), "waiting": selectors.waiting()}
    return render(request, "registry/letters/batches.html", context)


@sends_files
@requires(Permission.SEND_LETTERS, POST)
def letter_batch_open(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    batch = selectors.batch(pk)
    ticket = services.open_batch(batch=batch, by=request.user)
    file = services.file_of_batch(batch=batch, by=request.user, ticket=ticket)
    name = f"letters-{batch.made_at:%Y-%m-%d}.pdf"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
