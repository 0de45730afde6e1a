from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.pages import maps
from fusus_portal.ground.serving.lanes import takes_files
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.policies.requests import must_not_be_given, must_take
from registry.canvasses.presenters.reply import ReplyPage
from registry.canvasses.private_links import private_link
from registry.canvasses.request_links import link_actor, token_for
from registry.canvasses.services import requests
from registry.canvasses.states import RequestState
from registry.footage import form_files
from registry.footage.services import uploads


@require_safe
@private_link
def reply(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    page = ReplyPage(asked, token_for(asked))
    template = "answered" if page.answered else "reply"
    return _page(request, template, page, map=maps.ground())


@require_form
@limit("reply", "30/m")
@private_link
def none(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    if request.method == "POST":
        requests.answer_none(request=asked, by=link_actor(asked))
        return redirect("reply", token_for(asked))
    must_take(asked, RequestState.NONE)
    return _page(request, "none", ReplyPage(asked, token_for(asked)))


@require_form
@limit("reply", "30/m")
@private_link
def decline(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    if request.method == "POST":
        requests.decline(request=asked, by=link_actor(asked))
        return redirect("reply", token_for(asked))
    must_take(asked, RequestState.DECLINED)
    must_not_be_given(asked)
    return _page(request, "decline", ReplyPage(asked, token_for(asked)))


@takes_files
@require_form
@limit("reply", "30/m")
@private_link
def footage(request: HttpRequest, asked: FootageRequest) -> HttpResponse:
    """Take files: piece by piece from the page's script, or with this plain form in one go."""
    if asked.state != RequestState.FOOTAGE:
        must_take(asked, RequestState.FOOTAGE)
    errors: list[str] = []
    if request.method == "POST":
        files = request.FILES.getlist("files")
        try:
            if why := form_files.refusal(request):
                raise ValidationError(why)
            if not files:
                raise ValidationError(_("Choose at least one file."))
            camera = str(request.POST.get("camera", ""))
            uploads.receive_whole(request=asked, files=files, camera=camera, by=link_actor(asked))
        except ValidationError as wrong:
            errors = wrong.messages
        else:
            return redirect("reply_give", token_for(asked))
    page = ReplyPage(asked, token_for(asked))
    return _page(request, "footage", page, errors=errors, endpoint=reverse("upload_create"), status=_status_address())


def _status_address() -> str:
    """Return the address of a file's state, with {id} for the page's script to fill in."""
    return reverse("upload_status", args=["id"]).replace("/id/", "/{id}/")


def _page(request: HttpRequest, name: str, page: ReplyPage, **context: Any) -> HttpResponse:
    return render(request, f"registry/canvasses/reply/{name}.html", {"page": page, **context})
