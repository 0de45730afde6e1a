from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.letters import presenters
from registry.letters.forms import LetterCodeForm
from registry.letters.services import letters
from registry.people.models import Registrant
from registry.people.views.profile import registered
from registry.places import selectors


@requires(Permission.OWN_REGISTRATION)
@require_form
def letter_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    premises = selectors.premises(request.user, pk)
    if request.method == "POST":
        letters.ask(premises=premises, by=request.user)
        messages.success(request, _("We will send a letter to this address. Type its code here when it comes."))
        return redirect("profile")
    return render(request, "registry/letters/letter_new.html", presenters.letter(premises))


@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("letter_code", "20/h", account_of)
@registered
def place_code(request: SignedInRequest, registrant: Registrant, code: str = "") -> HttpResponse:
    """Take the code of a letter. code: as scanned; the person still presses the button."""
    form = LetterCodeForm(request.POST or None, initial={"code": code})
    if premises := form.carry_out(letters.enter, registrant=registrant, by=request.user):
        messages.success(request, _("Thank you. This place is confirmed: %(address)s") % {"address": premises.address})
        return redirect("profile")
    return render(request, "registry/letters/place_code.html", {"form": form})
