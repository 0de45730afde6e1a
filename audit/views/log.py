"""The auditors' pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import services
from audit.forms import PageForm
from audit.presenters import rows_of
from fusus_portal.access import Permission, requires
from fusus_portal.access.requests import SignedInRequest


@requires(Permission.AUDIT)
@require_safe
def log(request: SignedInRequest) -> HttpResponse:
    """Show the log, newest first. Opening it is an entry, which is the first line of the page."""
    form = PageForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    entries = services.open_log(by=request.user.actor, before=before)
    oldest = entries[-1].pk if len(entries) == services.LOG_PAGE else None
    return render(request, "audit/log.html", {"rows": rows_of(entries), "oldest": oldest, "is_first": before is None})
