from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.accounts import selectors
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.oversight.homes import policies, services
from fusus_portal.oversight.homes.forms import HomeForm


@privileged
@requires(Permission.PEOPLE, FORM)
def home_area(request: SignedInRequest, account_id: UUID) -> HttpResponse:
    account = selectors.agency_person(account_id)
    form = HomeForm(request.POST or None)
    if form.carry_out(services.note, account=account, by=request.user):
        messages.success(request, _("Saved. Only administrators read it; the weekly review uses it."))
        return redirect("person", account_id=account.pk)
    home = services.show(account=account, by=request.user)
    cannot = why_not(partial(policies.may_be_kept, account))
    facts = [(_("Person"), account), (_("Written down"), home.zip_code if home else _("Nothing yet"))]
    context = {"account": account, "home": home, "facts": facts, "form": form, "cannot": cannot}
    return render(request, "console/people/home.html", context, status=422 if form.errors else 200)


@privileged
@requires(Permission.PEOPLE, POST)
def home_area_remove(request: SignedInRequest, account_id: UUID) -> HttpResponse:
    account = selectors.agency_person(account_id)
    services.remove(account=account, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("person", account_id=account.pk)
