"""Everyone who looked at a registrant's cameras: read page by page, filtered, or downloaded."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.ledger.receipts import seals_of
from audit.log.models import AuditEntry
from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.serving.lanes import sends_files
from fusus_portal.ground.tables.archive import BYTE_ORDER_MARK, csv_lines
from registry.access_log.forms import LooksForm, position
from registry.access_log.presenters.look_cards import cards_of
from registry.access_log.presenters.looks import A_PIECE, grouped, looks_of, rows_of
from registry.access_log.presenters.standing import Standing
from registry.access_log.selectors import looks as look_selectors
from registry.access_log.selectors.delays import withheld_from
from registry.access_log.services import looks as look_services
from registry.limits.models import Limits
from registry.people.models import Registrant
from registry.people.views.profile import registered
from registry.places import selectors
from registry.places.models import Camera
from registry.rules import LONGEST_LOOK_DELAY

A_PAGE = 25


@requires(Permission.OWN_REGISTRATION)
@require_safe
@registered
def looks(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Show everyone who searched for, was shown, asked for, played or downloaded what is the registrant's."""
    form = LooksForm(request.GET, cameras=_cameras(registrant), registrant=registrant)
    withheld = withheld_from(registrant)
    entries = look_selectors.entries_wanted(form.wanted(), withheld)
    before = position(request.GET.get("before", ""))
    if before:
        entries = look_selectors.older_than(entries, camera=_own(form, before[0]), number=before[1])
    found = list(entries[: A_PAGE + 1])
    page = found[:A_PAGE]
    seals = seals_of(entry.pk for entry in page)
    lines = looks_of(page, cameras=form.cameras, reader=request.user, withheld=withheld, seals=seals)
    shown = grouped(page, lines)
    context = {
        "form": form,
        "looks": shown,
        "cards": cards_of(shown),
        "standing": Standing.of(line.proof for line in lines),
        "older": _address_of_older(request, page[-1]) if len(found) > A_PAGE else "",
        "is_first": before is None,
        "shows_reasons": Limits.current().shows_reasons,
        "days": LONGEST_LOOK_DELAY.days,
        "chosen": [(name, request.GET[name]) for name in form.fields if request.GET.get(name)],
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "registry/access_log/looks.html", context)


@sends_files
@requires(Permission.OWN_REGISTRATION)
@require_POST
@limit("own_copy", "6/m", account_of)
@registered
def copy(request: SignedInRequest, registrant: Registrant) -> HttpResponseBase:
    """Hand over the list as a file, filtered as the page was. Taking it is an entry."""
    form = LooksForm(request.POST, cameras=_cameras(registrant), registrant=registrant)
    wanted = form.wanted()
    look_services.take_copy(registrant=registrant, by=request.user)
    entries = look_selectors.entries_wanted(wanted, withheld_from(registrant))
    headers = {"Content-Disposition": f'attachment; filename="{registrant.reference}-looks.csv"'}
    pieces = _pieces(csv_lines(rows_of(entries, cameras=form.cameras, registrant=registrant)))
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def _pieces(lines: Iterator[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    while piece := "".join(islice(lines, A_PIECE)):
        yield piece


def _cameras(registrant: Registrant) -> list[Camera]:
    return list(selectors.all_cameras_of(registrant).select_related("premises"))


def _own(form: LooksForm, camera: str) -> str:
    if camera not in {str(one.pk) for one in (form.registrant, *form.cameras)}:
        raise NotYours(_("There is no such camera or place."), subject=("camera", camera))
    return camera


def _address_of_older(request: SignedInRequest, last: AuditEntry) -> str:
    query: Any = request.GET.copy()
    query["before"] = f"{last.camera_id}.{last.camera_number}"
    return f"?{query.urlencode()}"
