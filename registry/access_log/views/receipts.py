from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.ledger.receipts import NotPublic, attachment, receipt_of
from audit.log.models import AuditEntry
from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from registry.access_log.presenters.looks import opening
from registry.access_log.presenters.receipts import lines_of
from registry.access_log.presenters.standing import Standing
from registry.access_log.receipt_links import token_for
from registry.access_log.selectors import receipts
from registry.access_log.selectors.delays import withheld_from
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.private_links import receipt_link
from registry.canvasses.selectors import requests
from registry.people.models import Registrant
from registry.people.views.profile import registered
from registry.places import selectors


@requires(Permission.OWN_REGISTRATION)
@require_safe
@registered
def look_receipt(request: SignedInRequest, registrant: Registrant, camera: UUID, number: int) -> HttpResponse:
    """Hand over a receipt by the camera's own number: an entry's id would reveal how busy the log is."""
    entry = receipts.of_camera(selectors.all_cameras_of(registrant), registrant, camera, number)
    withheld = withheld_from(registrant)
    if withheld.hides(entry):
        raise Refused(opening(withheld.opens(entry)), subject=("camera", str(camera)))
    return _receipt(entry, f"{registrant.reference}-entry-{number}")


@requires(Permission.OWN_REGISTRATION)
@require_safe
@registered
def own_log_receipts(request: SignedInRequest, registrant: Registrant, pk: UUID) -> HttpResponse:
    asked = requests.request(request.user, pk)
    return _list(request, asked, registrant, back=reverse("own_request", args=[pk]))


@requires(Permission.OWN_REGISTRATION)
@require_safe
@registered
def own_log_receipt(request: SignedInRequest, registrant: Registrant, pk: UUID, place: int) -> HttpResponse:
    asked = requests.request(request.user, pk)
    return _one(asked, registrant, place)


@require_safe
@receipt_link
def log_receipts(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    return _list(request, asked, _owner(asked), token=token_for(asked))


@require_safe
@receipt_link
def log_receipt(request: HttpRequest, asked: FootageRequest, place: int) -> HttpResponse:
    return _one(asked, _owner(asked), place)


def _list(
    request: HttpRequest, asked: FootageRequest, registrant: Registrant, *, token: str = "", back: str = ""
) -> HttpResponse:
    files = {str(file.pk): file for file in asked.evidence.all()}
    lines = lines_of(receipts.of_request(asked, registrant), files)
    standing = Standing.of(line.proof for line in lines)
    context = {"asked": asked, "lines": lines, "standing": standing, "token": token, "back": back}
    return render(request, "registry/access_log/log_receipts.html", context)


def _one(asked: FootageRequest, registrant: Registrant, place: int) -> HttpResponse:
    entries = receipts.of_request(asked, registrant)
    if not 1 <= place <= len(entries):
        raise NotYours(_("There is no such receipt."), subject=asked.subject)
    return _receipt(entries[place - 1], f"{asked.number}-{place}")


def _receipt(entry: AuditEntry, name: str) -> HttpResponse:
    try:
        found = receipt_of(entry.pk)
    except NotPublic as error:
        raise Stale(str(error), subject=(entry.subject_kind, entry.subject_id)) from error
    return HttpResponse(str(found), headers=attachment(name))


def _owner(asked: FootageRequest) -> Registrant:
    if asked.registrant is None:  # receipt_link refuses a request whose owner has left
        raise NotYours(_("There is no such request."))
    return asked.registrant
