from django.http import HttpResponse
from django.shortcuts import render

from fusus_portal.ground.access import SAFE, Permission, SignedInRequest, requires
from integration.watch_hours import selectors
from integration.watch_hours.forms import DaysForm
from integration.watch_hours.presenters import hours_page


@requires(Permission.AUDIT, SAFE)
def watch_hours(request: SignedInRequest) -> HttpResponse:
    form = DaysForm(request.GET)
    first, last = form.days()
    page = hours_page(selectors.days(first, last), selectors.flags(first, last), first=first, last=last)
    context = {"form": form, "page": page, "first": first, "last": last}
    return render(request, "integration/watch_hours/page.html", context, status=422 if form.errors else 200)
