from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from audit.console.forms import DaysForm, MailForm, PlaceForm, SaveForm, SearchForm, searched, searched_before
from audit.console.models import MailTimes
from audit.console.presenters.search_page import search_page
from audit.console.services import saved_searches, searches
from audit.console.services.searches import LogPosition, Page
from audit.log.actors import Actor
from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest


@requires(Permission.AUDIT)
@require_safe
def log(request: SignedInRequest) -> HttpResponse:
    """Show the log or a search, newest first. The look is an entry, and the first line of the page."""
    form, by = SearchForm(request.GET), request.user.actor
    if kept := _called(form, by):
        return redirect(f"{reverse('audit')}?{kept}")
    place = PlaceForm(request.GET)
    where = LogPosition(**place.cleaned_data) if place.is_valid() else LogPosition()
    wanted = form.wanted()
    page = searches.search(wanted=wanted, by=by, place=where) if not form.errors else Page([], None, None, None, None)
    saved = saved_searches.own(by=by)
    here, before = searched(request.GET), searched_before(request.GET)
    context = form.on_page() | search_page(wanted, page, where, saved=saved, here=here, before=before)
    return render(request, "audit/console/search/log.html", context, status=422 if form.errors else 200)


@requires(Permission.AUDIT)
@require_POST
def filter_save(request: SignedInRequest) -> HttpResponse:
    form = SaveForm(request.POST)
    query = request.POST.get("query", "")[: 2 * SaveForm.base_fields["query"].max_length]  # type: ignore[attr-defined]
    if form.is_valid():
        search = SearchForm(QueryDict(form.cleaned_data["query"]))
        name = form.cleaned_data["name"]
        try:
            saved_searches.save(name=name, query=search.query(), said=search.wanted().said(), by=request.user.actor)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Saved as “%(name)s”. You find it above the search.") % {"name": name})
    else:
        messages.error(request, _("Write a name for this search, of at most 60 characters."))
    return redirect(f"{reverse('audit')}?{SearchForm(QueryDict(query)).query()}")


@requires(Permission.AUDIT)
@require_safe
def filter_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Redirect to one's own saved search, with a mail's days unless the search has its own."""
    found = saved_searches.find(pk=pk, by=request.user.actor)
    asked, days = QueryDict(found.query, mutable=True), DaysForm(request.GET)
    if days.is_valid() and not asked.get("since") and not asked.get("until"):
        asked.update({name: day.isoformat() for name, day in days.cleaned_data.items()})
    return redirect(f"{reverse('audit')}?{SearchForm(asked).query()}")


@requires(Permission.AUDIT)
@require_POST
def filter_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    form = MailForm(request.POST)
    if form.is_valid():
        times = MailTimes(form.cleaned_data["mailed"])
        found = saved_searches.mail(pk=pk, times=times, by=request.user.actor)
        messages.success(request, MAILED[times] % {"name": found.name})
    else:
        messages.error(request, _("Say how often: never, each day or each week."))
    return redirect("audit")


@requires(Permission.AUDIT)
@require_POST
def filter_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    name = saved_searches.delete(pk=pk, by=request.user.actor)
    messages.success(request, _("Deleted “%(name)s”.") % {"name": name})
    return redirect("audit")


MAILED = {
    MailTimes.NEVER: gettext_lazy("“%(name)s” is not mailed."),
    MailTimes.DAILY: gettext_lazy("You get the link to “%(name)s” by mail each morning, about the day before."),
    MailTimes.WEEKLY: gettext_lazy("You get the link to “%(name)s” by mail each Monday, about the week before."),
}


def _called(form: SearchForm, by: Actor) -> str:
    """Return the saved search with the typed name, or "". One that is only such a name is not followed: no loops."""
    found = saved_searches.called(form.lone_word(), by=by) if form.lone_word() else None
    word = SearchForm(QueryDict(found.query)).lone_word() if found else ""
    return found.query if found and not (word and saved_searches.called(word, by=by)) else ""
