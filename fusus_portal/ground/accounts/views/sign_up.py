from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import public
from fusus_portal.ground.access.evened import evened
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.accounts.email_forms import OtherAddressForm
from fusus_portal.ground.accounts.sign_in import unfinished


@public
@never_cache
@require_form
@limit("other_address", "10/m")
@evened
@transaction.atomic
def other_address(request: HttpRequest) -> HttpResponse:
    """Correct the address; role and password stay. An address in use gets the same answer, and a mail."""
    begun = unfinished.find(request)
    if begun is None:
        return redirect("account_email" if request.user.is_authenticated else "account_signup")
    form = OtherAddressForm(request.POST or None, begun=begun)
    if form.is_valid():
        return form.begin(request)
    return render(request, "account/other_address.html", {"form": form})


@public
@never_cache
@require_POST
@evened
@transaction.atomic
def start_again(request: HttpRequest) -> HttpResponse:
    unfinished.end(request)
    return redirect("account_signup")
