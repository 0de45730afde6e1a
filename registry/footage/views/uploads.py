from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.refusals import speak_language
from fusus_portal.ground.access.requests import require_form
from fusus_portal.ground.lifecycle import NotYours, find_or_refuse
from fusus_portal.ground.serving import byte_range as serving
from fusus_portal.ground.serving.lanes import takes_files
from registry.canvasses.links import link_actor, private_link, request_of_link, sending, token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.presenters.owners import ReplyPage
from registry.footage import policies, selectors, storage
from registry.footage.forms import FileForm
from registry.footage.models import Upload
from registry.footage.services import uploads
from registry.footage.states import UploadState
from registry.footage.views import tus


@csrf_exempt  # no cookie gives a right here: the token of the link does
@public
@limit("uploads", "120/m")
@tus.speaking_tus("POST")
def upload_create(request: HttpRequest) -> HttpResponse:
    """Begin a file. Headers: Upload-Length in bytes; Upload-Metadata with token, filename, filetype, camera."""
    if request.headers.get("Content-Length", "0") not in {"", "0"}:
        raise tus.MalformedUpload("Begin with an empty request; the bytes follow by PATCH.")
    size = tus.count(request, "Upload-Length")
    described = tus.metadata(request.headers.get("Upload-Metadata", ""))
    asked = request_of_link(described.get("token", ""))
    _speak(asked, request)
    upload = uploads.create(
        request=asked,
        name=described.get("filename", ""),
        size=size,
        content_type=described.get("filetype", ""),
        camera=described.get("camera", ""),
        by=link_actor(asked),
    )
    headers = {"Location": address_of(upload), "Upload-Offset": "0", "Upload-Expires": tus.expiry(_expires_at(upload))}
    return tus.response(HTTPStatus.CREATED, headers=headers)


@csrf_exempt  # no cookie gives a right here: the address of the file does
@takes_files
@public
@tus.speaking_tus("HEAD", "PATCH", "DELETE")
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Tell how much of a file has arrived (HEAD), take more of it (PATCH), or remove it (DELETE)."""
    found = selectors.upload(selectors.upload_of_key(key))
    _speak(found.request, request)
    if request.method == "HEAD":
        return _tell(found)
    if request.method == "DELETE":
        uploads.remove(upload=found, by=link_actor(found.request))
        return tus.response(HTTPStatus.NO_CONTENT)
    return _take(request, found)


@require_safe
@public
def upload_status(request: HttpRequest, key: str) -> JsonResponse:
    found = selectors.upload(selectors.upload_of_key(key))
    _speak(found.request, request)
    evidence = getattr(found, "evidence", None)
    told = {
        "state": found.state,
        "label": found.get_state_display(),
        "received": uploads.offset(upload=found) if found.state == UploadState.RECEIVING else found.received,
        "size": found.size,
        "sha256": found.sha256,
        "number": evidence.number if evidence else "",
        "kept_until": evidence.kept_until.isoformat() if evidence else "",
        "sentence": found.refusal,
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _speak(asked: FootageRequest, request: HttpRequest) -> None:
    if asked.registrant is not None:  # None after the owner left
        speak_language(asked.registrant.language, request)


def address_of(upload: Upload) -> str:
    return reverse("upload", args=[selectors.upload_key(upload.pk)])


def _tell(found: Upload) -> HttpResponse:
    headers = {
        "Upload-Offset": str(uploads.offset(upload=found)),
        "Upload-Length": str(found.size),
        "Upload-Expires": tus.expiry(_expires_at(found)),
    }
    return tus.response(HTTPStatus.OK, headers=headers)


def _take(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.headers.get("Content-Type", "") != tus.OFFSET_TYPE:
        return tus.response(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {tus.OFFSET_TYPE}.")
    offset, length = tus.count(request, "Upload-Offset"), int(request.headers.get("Content-Length") or 0)
    if offset + length > found.size:
        raise storage.TooMuch
    with sending(found.request):
        kept = uploads.append(upload=found, offset=offset, stream=tus.Body(request), by=link_actor(found.request))
    headers = {"Upload-Offset": str(kept.received), "Upload-Expires": tus.expiry(_expires_at(kept))}
    return tus.response(HTTPStatus.NO_CONTENT, headers=headers)


def _expires_at(found: Upload) -> datetime:
    return min(found.touched_at + uploads.ABANDONED_AFTER, found.request.expires_at)


STILL_HEADERS = {**serving.PRIVATE_HEADERS, "Content-Disposition": 'inline; filename="file.jpg"'}


@require_form
@limit("reply", "30/m")
@private_link
def reply_give(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    policies.may_give_files(link_actor(asked), asked)
    errors: list[str] = []
    if request.method == "POST":
        try:
            if pk := request.POST.get("take_out"):
                return _take_out(request, asked, pk)
            shown = [_id(pk) for pk in request.POST.getlist("file")]
            uploads.give(request=asked, files=shown, by=link_actor(asked))
            return redirect("reply", token_for(asked))
        except ValidationError as wrong:
            errors = wrong.messages
    page = ReplyPage(asked, token_for(asked))
    context = {"page": page, "errors": errors}
    return render(request, "registry/canvasses/reply/give.html", context, status=422 if errors else 200)


@require_safe
@private_link
def reply_still(_request: HttpRequest, asked: FootageRequest, pk: UUID) -> HttpResponse:
    return HttpResponse(selectors.still(pk, request=asked), content_type="image/jpeg", headers=STILL_HEADERS)


@require_form
@limit("reply", "30/m")
@private_link
def reply_files(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    page = ReplyPage(asked, token_for(asked))
    forms = [FileForm(request.POST or None, upload=upload, cameras=page.cameras) for upload in page.describable]
    valid = [form.is_valid() for form in forms]
    if request.method == "POST" and all(valid) and _save(request, asked, forms):
        return redirect("reply_files", page.token)
    return render(request, "registry/canvasses/reply/describe.html", {"page": page, "forms": forms})


@require_safe
@private_link
def reply_receipt(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    return render(request, "registry/access_log/receipt.html", {"page": ReplyPage(asked, token_for(asked))})


def _take_out(request: HttpRequest, asked: FootageRequest, pk: str) -> HttpResponse:
    upload = find_or_refuse(asked.uploads.filter(pk=_id(pk)), _("There is no such file."))
    uploads.remove(upload=upload, by=link_actor(asked))
    messages.success(request, _("%(name)s was removed and deleted.") % {"name": upload.name})
    return redirect("reply_give", token_for(asked))


def _id(pk: str) -> UUID:
    try:
        return UUID(pk)
    except ValueError as error:
        raise NotYours(_("There is no such file.")) from error


def _save(request: HttpRequest, asked: FootageRequest, forms: list[FileForm]) -> bool:
    by = link_actor(asked)
    described = [form.carry_out(uploads.describe, upload=form.upload, by=by) for form in forms]
    saved = [upload for upload in described if upload]
    if len(saved) < len(forms):
        return False
    messages.success(request, _("Saved. Thank you, this helps."))
    for upload in saved:
        if upload.starts_at and not asked.canvass.starts_at <= upload.starts_at <= asked.canvass.ends_at:
            sentence = _("%(name)s starts outside the hours asked for. That is fine if it runs into them.")
            messages.warning(request, sentence % {"name": upload.name})
    return True
