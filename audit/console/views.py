"""Pages of auditors, and the ledger over HTTP: the public part of the tree, its entries and receipts for auditors.

The public part moves once an hour (`audit.ledger.publication`), so it never reveals that somebody is looking now. Its
answers are plain text and bytes for programs. A missing file is a plain 404 without an entry: nothing was refused.
"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from audit.console import copies, forms, services
from audit.console.copies import CopyForm
from audit.console.entry import entry_page
from audit.console.models import MailTimes
from audit.console.presenters import alarm_line, search_page
from audit.console.services import LogPosition, ResultPage
from audit.ledger import export, keys, publication, services as ledger
from audit.ledger.alarms import one_alarm, open_alarms, settled_alarms
from audit.ledger.checks import watch
from audit.ledger.models import WIDTH
from audit.ledger.receipts import attachment
from audit.ledger.tree.tiles import NoSuchTile, Tree, read_place, read_tile
from audit.log.actors import Actor
from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, public, requires
from fusus_portal.ground.serving.lanes import sends_files


def log_address(query: str) -> str:
    return f"{reverse('audit')}?{query}" if query else reverse("audit")


@requires(Permission.AUDIT, FORM)
def audit_log(request: SignedInRequest) -> HttpResponse:
    """Show the log or a search, newest first. The look is an entry, and the first line of the page.

    What is typed is posted, and leads to an address without a person's name. Words that nobody knows may be a name,
    too, so their page has no address of its own.
    """
    form, by = forms.SearchForm(request.POST if request.method == "POST" else request.GET), request.user.actor
    if kept := _search_of_name(form, by):
        return redirect(log_address(kept))
    wanted = form.wanted()
    is_answered = bool(form.errors) or not wanted.is_understood
    if not is_answered and (request.method == "POST" or not form.is_shared):
        return redirect(log_address(form.query()))
    place = forms.PlaceForm(request.GET)
    where = LogPosition(**place.cleaned_data) if place.is_valid() else LogPosition()
    page = ResultPage([]) if form.errors else services.search_log(wanted=wanted, by=by, place=where)
    saved = services.own_searches(by=by)
    here, before = forms.searched(request.GET), forms.searched_before(request.GET)
    context = form.on_page() | search_page(wanted, page, where, saved=saved, here=here, before=before)
    return render(request, "audit/console/search/log.html", context, status=422 if form.errors else 200)


@requires(Permission.AUDIT, POST)
def filter_save(request: SignedInRequest) -> HttpResponse:
    form = forms.SaveForm(request.POST)
    query = request.POST.get("query", "")[: 2 * forms.LONGEST_QUERY]
    if form.is_valid():
        search = forms.SearchForm(QueryDict(form.cleaned_data["query"]))
        name = form.cleaned_data["name"]
        try:
            services.save_search(name=name, query=search.query(), said=search.wanted().said(), by=request.user.actor)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Saved as “%(name)s”. You find it above the search.") % {"name": name})
    else:
        messages.error(request, _("Write a name for this search, of at most 60 characters."))
    return redirect(log_address(forms.SearchForm(QueryDict(query)).query()))


@requires(Permission.AUDIT, SAFE)
def filter_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Redirect to one's own saved search. If it has no days, add those of the mail whose link was followed."""
    found = services.own_search(pk=pk, by=request.user.actor)
    asked, days = QueryDict(found.query, mutable=True), forms.DaysForm(request.GET)
    if days.is_valid() and not asked.get("since") and not asked.get("until"):
        asked.update({name: day.isoformat() for name, day in days.cleaned_data.items()})
    return redirect(log_address(forms.SearchForm(asked).query()))


@requires(Permission.AUDIT, POST)
def filter_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    form = forms.MailForm(request.POST)
    if form.is_valid():
        times = MailTimes(form.cleaned_data["mailed"])
        found = services.schedule_search(pk=pk, times=times, by=request.user.actor)
        messages.success(request, MAILED_SENTENCES[times] % {"name": found.name})
    else:
        messages.error(request, _("Say how often: never, each day or each week."))
    return redirect("audit")


@requires(Permission.AUDIT, POST)
def filter_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    name = services.delete_search(pk=pk, by=request.user.actor)
    messages.success(request, _("Deleted “%(name)s”.") % {"name": name})
    return redirect("audit")


MAILED_SENTENCES = {
    MailTimes.NEVER: gettext_lazy("“%(name)s” is not mailed."),
    MailTimes.DAILY: gettext_lazy("You get the link to “%(name)s” by mail each morning, about the day before."),
    MailTimes.WEEKLY: gettext_lazy("You get the link to “%(name)s” by mail each Monday, about the week before."),
}


def _search_of_name(form: forms.SearchForm, by: Actor) -> str:
    """Return the query of the saved search whose name was typed, or "". "" if that query is a name again: no loops."""
    found = services.search_of_name(form.lone_word(), by=by) if form.lone_word() else None
    word = forms.SearchForm(QueryDict(found.query)).lone_word() if found else ""
    return found.query if found and not (word and services.search_of_name(word, by=by)) else ""


@requires(Permission.AUDIT, SAFE)
def entry(request: SignedInRequest, pk: int) -> HttpResponse:
    found = services.open_entry(pk=pk, by=request.user.actor)
    context = entry_page(found, search=forms.searched_before(request.GET))
    return render(request, "audit/console/entry/entry.html", context)


@requires(Permission.AUDIT, POST)
def entry_check(request: SignedInRequest, pk: int) -> HttpResponse:
    found, verdict = services.check_entry(pk=pk, by=request.user.actor)
    context = entry_page(found, verdict, search=forms.searched_before(request.GET))
    return render(request, "audit/console/entry/entry.html", context)


@sends_files
@requires(Permission.AUDIT, FORM)
def take_copy(request: SignedInRequest) -> HttpResponseBase:
    search = forms.SearchForm(request.GET)
    wanted, form = search.wanted(), forms.TakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and search.is_valid():
        try:
            if form.cleaned_data["form"] == CopyForm.PAPER:
                asked = services.ask_print(wanted=wanted, query=forms.searched(request.GET), by=request.user.actor)
                return redirect("audit_print", asked.pk)
            taken = services.take_copy(wanted=wanted, form=CopyForm(form.cleaned_data["form"]), by=request.user.actor)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            name = f'attachment; filename="{copies.file_name(taken.form, taken.entries, timezone.now())}.zip"'
            return StreamingHttpResponse(
                copies.file_pieces(taken), content_type="application/zip", headers={"Content-Disposition": name}
            )
    context = {"form": form, "said": wanted.said(), "back": log_address(forms.searched(request.GET))}
    return render(request, "audit/console/copies/take.html", context, status=422 if form.errors else 200)


@requires(Permission.AUDIT, SAFE)
def log_print(request: SignedInRequest, pk: UUID) -> HttpResponse:
    asked = services.own_print(pk=pk, by=request.user.actor)
    return render(request, "audit/console/copies/print.html", {"print": asked, "back": log_address(asked.query)})


@requires(Permission.AUDIT, SAFE)
def print_progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    context = {"print": services.own_print(pk=pk, by=request.user.actor)}
    return render(request, "audit/console/copies/print_progress.html", context)


@sends_files
@requires(Permission.AUDIT, SAFE)
def print_file(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    made = services.own_print(pk=pk, by=request.user.actor)
    file = services.take_print(pk=pk, by=request.user.actor)
    name = f"{copies.file_name(CopyForm.PAPER, made.entries, made.asked_at)}.pdf"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")


@requires(Permission.AUDIT, SAFE)
def alarms(request: SignedInRequest) -> HttpResponse:
    context = {
        "open": [alarm_line(each) for each in open_alarms()],
        "settled": [alarm_line(each) for each in settled_alarms()],
        "check": watch.last_check(),
        "whole": watch.last_whole_check(),
    }
    return render(request, "audit/console/alarms/alarms.html", context)


@requires(Permission.AUDIT, FORM)
def settle_alarm(request: SignedInRequest, alarm: int) -> HttpResponse:
    found = alarm_line(one_alarm(alarm))
    form = forms.SettleForm(request.POST or None)
    if form.is_valid():
        ledger.settle_alarm(alarm=alarm, by=request.user.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Settled."))
        return redirect("audit_alarms")
    return render(request, "audit/console/alarms/alarm.html", {"alarm": found, "form": form})


TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
PROGRAM = "text/x-python; charset=utf-8"
A_MINUTE = 60
AN_HOUR = 60 * 60
A_YEAR = 365 * 24 * 60 * 60


@public
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    published = publication.published()
    if published is None:
        return _absent("No checkpoint is published yet. The first one comes at a full hour.")
    return _kept(HttpResponse(published.note, content_type=TEXT), A_MINUTE)


@public
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Return the keys that signed checkpoints, newest first, one on a line: `NAME+ID+BASE64`."""
    known = keys.known()
    if not known:
        return _absent("The log has no key yet.")
    return _kept(HttpResponse("".join(f"{verifier}\n" for verifier in known), content_type=TEXT), A_MINUTE)


@public
@require_safe
def tile(request: HttpRequest, address: str) -> HttpResponse:
    """Return a tile's 256 hashes, or the first of them. The tree ends at the published size."""
    try:
        level, place = read_tile(address)
        published = publication.published()
        there = published.size >> (8 * level) if published else 0
        if place.n * WIDTH + place.width > there:
            return _absent("The published tree has no such tile.")
        content = Tree().tile(level, place.n, place.width)
    except NoSuchTile as error:
        return _absent(f"There is no such tile: {error}.")
    response = HttpResponse(content, content_type=BYTES)
    return _kept(response, A_YEAR, immutable=True) if place.width == WIDTH else _kept(response, AN_HOUR)


@public
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    if not export.VERIFIER.is_file():
        return _absent("The verifier is not part of this installation.")
    headers = {"Content-Type": PROGRAM, "Content-Disposition": 'attachment; filename="verifier.py"'}
    return _kept(HttpResponse(export.VERIFIER.read_bytes(), headers=headers), AN_HOUR)


@requires(Permission.AUDIT, SAFE)
def ledger_entries(request: SignedInRequest, address: str) -> HttpResponse:
    try:
        content = ledger.take_bundle(place=read_place(address), by=request.user.actor)
    except NoSuchTile as error:
        return _absent(f"There is no such bundle: {error}.")
    return HttpResponse(content, content_type=BYTES)


@requires(Permission.AUDIT, SAFE)
def receipt(request: SignedInRequest, entry: int) -> HttpResponse:
    found = ledger.take_receipt(entry=entry, by=request.user.actor)
    return HttpResponse(str(found), headers=attachment(f"entry-{entry}"))


def _absent(why: str) -> HttpResponse:
    response = HttpResponse(f"{why}\n", status=404, content_type=TEXT)
    add_never_cache_headers(response)
    return response


def _kept(response: HttpResponse, seconds: int, *, immutable: bool = False) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={seconds}{', immutable' if immutable else ''}"
    return response
