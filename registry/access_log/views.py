from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from audit.ledger.receipts import NotPublic, attachment, receipt_of, seals_of
from audit.log.models import AuditEntry
from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.requests import require_form
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.pages.acts import OWN, ActPage, Way
from fusus_portal.ground.serving.lanes import sends_files
from fusus_portal.ground.tables import BYTE_ORDER_MARK, csv_lines
from registry.access_log import policies, selectors as access_log, services
from registry.access_log.forms import DelayForm, LooksForm, NoticesForm, position
from registry.access_log.models import LookDelay
from registry.access_log.presenters import looks as look_presenters, notices as notice_presenters
from registry.access_log.presenters.folds import look_days
from registry.canvasses import selectors as canvasses
from registry.canvasses.links import receipt_link, receipts_token
from registry.canvasses.models import FootageRequest
from registry.canvasses.policies import may_delay
from registry.incidents import selectors as incidents
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.services import incidents as incident_services
from registry.limits.models import Limits
from registry.places import selectors
from registry.places.models import Camera
from registry.registrants.models import Registrant
from registry.registrants.views import registered
from registry.rules import LONGEST_LOOK_DELAY

A_PAGE = 50
DAYS_A_PAGE = 5


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def looks(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    form = LooksForm(request.GET, cameras=_cameras(registrant), registrant=registrant)
    withheld = access_log.withheld_from(registrant)
    entries = access_log.entries_wanted(form.wanted(), withheld)
    before = position(request.GET.get("before", ""))
    if before:
        entries = access_log.entries_older_than(entries, camera=_own_camera(form, before[0]), number=before[1])
    found = list(entries[: A_PAGE + 1])
    page = access_log.first_days(found[:A_PAGE], DAYS_A_PAGE)
    older = found[len(page)] if len(found) > len(page) else None
    seals = seals_of(entry.pk for entry in page)
    lines = look_presenters.looks_of(page, cameras=form.cameras, reader=request.user, withheld=withheld, seals=seals)
    shown = look_presenters.grouped_looks(page, lines)
    goes_on = older is not None and localdate(older.at) == localdate(page[-1].at)
    context = {
        "form": form,
        "looks": shown,
        "days": look_days(shown, goes_on=goes_on),
        "standing": look_presenters.Standing.of(line.proof for line in lines),
        "older": _address_of_older(request, page[-1]) if older else "",
        "is_first": before is None,
        "shows_reasons": Limits.current().shows_reasons,
        "longest_delay": LONGEST_LOOK_DELAY.days,
        "chosen": [(name, request.GET[name]) for name in form.fields if request.GET.get(name)],
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "registry/access_log/looks.html", context)


@sends_files
@requires(Permission.OWN_REGISTRATION, POST)
@limit("own_copy", "6/m", account_of)
@registered
def looks_copy(request: SignedInRequest, registrant: Registrant) -> HttpResponseBase:
    form = LooksForm(request.POST, cameras=_cameras(registrant), registrant=registrant)
    wanted = form.wanted()
    services.copy_looks(registrant=registrant, by=request.user)
    entries = access_log.entries_wanted(wanted, access_log.withheld_from(registrant))
    headers = {"Content-Disposition": f'attachment; filename="{registrant.reference}-looks.csv"'}
    pieces = _copy_pieces(csv_lines(look_presenters.look_rows(entries, cameras=form.cameras, registrant=registrant)))
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def _copy_pieces(lines: Iterator[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    while piece := "".join(islice(lines, look_presenters.A_PIECE)):
        yield piece


def _cameras(registrant: Registrant) -> list[Camera]:
    return list(selectors.all_cameras_of(registrant).select_related("premises"))


def _own_camera(form: LooksForm, camera: str) -> str:
    if camera not in {str(one.pk) for one in (form.registrant, *form.cameras)}:
        raise NotYours(_("There is no such camera or place."), subject=("camera", camera))
    return camera


def _address_of_older(request: SignedInRequest, last: AuditEntry) -> str:
    query: Any = request.GET.copy()
    query["before"] = f"{last.camera_id}.{last.camera_number}"
    return f"?{query.urlencode()}"


@requires(Permission.OWN_REGISTRATION, FORM)
@registered
def notices(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    known = access_log.notice_settings_of(registrant)
    form = NoticesForm(request.POST or None, initial=model_to_dict(known, ["searches", "footage", "monthly"]))
    if form.is_valid():
        services.change_notices(registrant=registrant, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("looks")
    intro = _(
        "Your list always shows everything. Here you choose how often we write to you about it. A request "
        "for footage always comes by e-mail."
    )
    if request.user.role == Role.BUSINESS:
        intro += " " + _("After each live view of a connected camera an e-mail always comes, too.")
    return ActPage(
        title=_("E-mails about who looked"),
        intro=intro,
        label=_("Save"),
        way=Way(reverse("looks"), _("Who looked"), _("Cancel")),
        base=OWN,
    ).answer(request, form)


@public
@csrf_exempt  # a mail program has no cookie and no page of ours; the token alone says what it may stop (RFC 8058)
@never_cache
@require_form
@limit("notices_stop", "60/m")
def notices_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a kind of mail after a press of the button. Opening the link changes nothing: mail scanners open links."""
    registrant, channel = access_log.stopped_by(token)
    if request.method == "POST":
        services.stop_notices(registrant=registrant, channel=channel)
    context = {"what": channel.label, "stopped": request.method == "POST"}
    return render(request, "registry/access_log/notices_stop.html", context)


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def look_receipt(request: SignedInRequest, registrant: Registrant, camera: UUID, number: int) -> HttpResponse:
    """Hand over the receipt of an entry by its number at the camera: an entry's id would reveal how busy the log is."""
    entry = access_log.receipt_of_camera(selectors.all_cameras_of(registrant), registrant, camera, number)
    withheld = access_log.withheld_from(registrant)
    if withheld.hides(entry):
        raise Refused(look_presenters.opening_sentence(withheld.opens(entry)), subject=("camera", str(camera)))
    return _receipt(entry, f"{registrant.reference}-entry-{number}")


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def own_log_receipts(request: SignedInRequest, registrant: Registrant, pk: UUID) -> HttpResponse:
    asked = canvasses.request(request.user, pk)
    return _receipt_list(request, asked, registrant, back=reverse("own_request", args=[pk]))


@requires(Permission.OWN_REGISTRATION, SAFE)
@registered
def own_log_receipt(request: SignedInRequest, registrant: Registrant, pk: UUID, place: int) -> HttpResponse:
    return _one_receipt(canvasses.request(request.user, pk), registrant, place)


@require_safe
@receipt_link
def log_receipts(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    return _receipt_list(request, asked, _owner_of(asked), token=receipts_token(asked))


@require_safe
@receipt_link
def log_receipt(request: HttpRequest, asked: FootageRequest, place: int) -> HttpResponse:
    return _one_receipt(asked, _owner_of(asked), place)


def _receipt_list(
    request: HttpRequest, asked: FootageRequest, registrant: Registrant, *, token: str = "", back: str = ""
) -> HttpResponse:
    numbers = {str(file.pk): file.number for file in asked.evidence.all()}
    lines = look_presenters.receipt_lines(access_log.receipts_of_request(asked, registrant), numbers)
    standing = look_presenters.Standing.of(look_presenters.proof_of(line["seal"]) for line in lines)
    context = {"asked": asked, "lines": lines, "standing": standing, "token": token, "back": back}
    return render(request, "registry/access_log/log_receipts.html", context)


def _one_receipt(asked: FootageRequest, registrant: Registrant, place: int) -> HttpResponse:
    entries = access_log.receipts_of_request(asked, registrant)
    if not 1 <= place <= len(entries):
        raise NotYours(_("There is no such receipt."), subject=asked.subject)
    return _receipt(entries[place - 1], f"{asked.number}-{place}")


def _receipt(entry: AuditEntry, name: str) -> HttpResponse:
    try:
        found = receipt_of(entry.pk)
    except NotPublic as error:
        raise Stale(str(error), subject=(entry.subject_kind, entry.subject_id)) from error
    return HttpResponse(str(found), headers=attachment(name))


def _owner_of(asked: FootageRequest) -> Registrant:
    if asked.registrant is None:  # receipt_link refuses a request whose owner has left
        raise NotYours(_("There is no such request."))
    return asked.registrant


@requires(Permission.DELAY_LOOKS, SAFE)
def look_delays(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incident_services.view(incident=incidents.incident(request.user, pk), by=request.user)
    return render(request, "registry/access_log/delays.html", notice_presenters.delays_page(incident, request.user))


@privileged
@requires(Permission.DELAY_LOOKS, FORM)
def look_delay_new(request: SignedInRequest, pk: UUID, camera: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    found = selectors.camera_by_id(camera)
    incident_policies.must_be_open(incident)
    may_delay(request.user, incident)
    policies.must_be_delayable(request.user, found, incident)
    form = DelayForm(request.POST or None, incident=incident)
    if form.carry_out(services.delay_looks, incident=incident, camera=found, by=request.user):
        messages.success(request, _("Delayed. The owner sees at once that there are entries, and when they open."))
        return redirect("look_delays", pk)
    context = {"form": form, "incident": incident, "camera": found}
    return render(request, "registry/access_log/delay_new.html", context)


@privileged
@requires(Permission.DELAY_LOOKS, FORM)
def look_delay_renew(request: SignedInRequest, pk: UUID) -> HttpResponse:
    delay = access_log.delay(request.user, pk)
    may_delay(request.user, delay.incident)
    policies.must_be_renewable(delay)
    form = DelayForm(request.POST or None, incident=delay.incident, first=delay)
    if form.carry_out(services.renew_delay, delay=delay, by=request.user):
        messages.success(request, _("Renewed. It can't be renewed again."))
        return redirect("look_delays", delay.incident_id)
    return render(request, "registry/access_log/delay_renew.html", _delay_context(delay) | {"form": form})


@privileged
@requires(Permission.DELAY_LOOKS, FORM)
def look_delay_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    delay = access_log.delay(request.user, pk)
    if request.method == "POST":
        services.end_delay(delay=delay, by=request.user)
        messages.success(request, _("Ended. The owner can read everything now."))
        return redirect("look_delays", delay.incident_id)
    policies.must_run(delay)
    return render(request, "registry/access_log/delay_end.html", _delay_context(delay))


def _delay_context(delay: LookDelay) -> dict[str, Any]:
    return {"delay": delay, "incident": delay.incident, "facts": notice_presenters.delay_facts(delay)}
