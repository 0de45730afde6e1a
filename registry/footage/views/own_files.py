from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.pages import sent_files
from fusus_portal.ground.queries import find_or_refuse
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.presenters.reply import ReplyPage
from registry.canvasses.private_links import private_link
from registry.canvasses.request_links import link_actor, token_for
from registry.footage import selectors
from registry.footage.forms.files import FileForm
from registry.footage.policies import footage
from registry.footage.services import descriptions, replies, uploads

STILL_HEADERS = {**sent_files.PRIVATE, "Content-Disposition": 'inline; filename="file.jpg"'}


@require_form
@limit("reply", "30/m")
@private_link
def reply_give(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    footage.may_give(link_actor(asked), asked)
    errors: list[str] = []
    if request.method == "POST":
        try:
            if pk := request.POST.get("take_out"):
                return _take_out(request, asked, pk)
            shown = [_id(pk) for pk in request.POST.getlist("file")]
            replies.give(request=asked, files=shown, by=link_actor(asked))
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
    described = [form.carry_out(descriptions.describe, upload=form.upload, by=by) for form in forms]
    saved = [upload for upload in described if upload]
    if len(saved) < len(forms):
        return False
    messages.success(request, _("Saved. Thank you, this helps."))
    for upload in saved:
        if upload.starts_at and not asked.canvass.starts_at <= upload.starts_at <= asked.canvass.ends_at:
            sentence = _("%(name)s starts outside the hours asked for. That is fine if it runs into them.")
            messages.warning(request, sentence % {"name": upload.name})
    return True
