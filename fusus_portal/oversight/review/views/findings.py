from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest, require_form
from fusus_portal.oversight.review.forms import OutcomeForm
from fusus_portal.oversight.review.presenters.finding_page import finding_page, findings_page
from fusus_portal.oversight.review.selectors import weeks
from fusus_portal.oversight.review.services import findings

FOLDER = "oversight/review"


@requires(Permission.AUDIT)
@require_safe
def review_findings(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/findings.html", findings_page(findings.open_findings(by=request.user)))


@requires(Permission.AUDIT)
@require_form
def review_finding(request: SignedInRequest, pk: UUID) -> HttpResponse:
    finding, form = weeks.finding(pk), OutcomeForm(request.POST or None)
    if form.carry_out(findings.close, finding=finding, by=request.user):
        messages.success(request, _("The finding is closed."))
        return redirect("review_findings")
    context = finding_page(findings.open_finding(finding=finding, by=request.user)) | {"form": form}
    return render(request, f"{FOLDER}/finding.html", context, status=422 if form.errors else 200)
