from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.oversight.figures.forms import DelayForm, NoteForm, ReleaseForm
from fusus_portal.oversight.figures.presenters import review_page
from fusus_portal.oversight.figures.services import reviews


@requires(Permission.RELEASE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: SignedInRequest) -> HttpResponse:
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if form.carry_out(reviews.release, by=request.user):
        messages.success(request, _("Released. The public reads the figures, and when they were reviewed."))
        return redirect("figures")
    context = {"form": form, "page": review_page.page()}
    return render(request, "oversight/figures/review.html", context, status=422 if form.errors else 200)


@requires(Permission.RELEASE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def delay(request: SignedInRequest) -> HttpResponse:
    form = DelayForm(request.POST or None)
    if form.carry_out(reviews.delay, by=request.user):
        messages.success(request, _("Newer days are held back. The public reads why, and until when."))
        return redirect("figures")
    return render(request, "oversight/figures/delay.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.RELEASE_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: SignedInRequest) -> HttpResponse:
    form = NoteForm(request.POST or None)
    if form.carry_out(reviews.note, by=request.user):
        messages.success(request, _("The note is beside the figures."))
        return redirect("figures")
    return render(request, "oversight/figures/note.html", {"form": form}, status=422 if form.errors else 200)
