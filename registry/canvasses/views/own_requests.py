from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.canvasses.presenters.own_requests import OwnRequest
from registry.canvasses.presenters.reply import ReplyPage
from registry.canvasses.request_links import token_for
from registry.canvasses.selectors import requests
from registry.people.models import Registrant
from registry.people.presenters.profile import answer_url
from registry.people.views.profile import registered

REQUESTS_A_PAGE = 20


@requires(Permission.OWN_REGISTRATION)
@require_safe
@registered
def own_requests(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    page = Paginator(requests.of(registrant), REQUESTS_A_PAGE).get_page(request.GET.get("page"))
    lines = [OwnRequest(asked, asked.waits, asked.files) for asked in page.object_list]
    return render(request, "registry/canvasses/own/requests.html", {"page": page, "lines": lines})


@requires(Permission.OWN_REGISTRATION)
@require_safe
@registered
def own_request(request: SignedInRequest, registrant: Registrant, pk: UUID) -> HttpResponse:
    requests.request(request.user, pk)
    asked = requests.of(registrant).get(pk=pk)
    context = {"line": OwnRequest(asked, asked.waits, asked.files), "page": ReplyPage(asked, token_for(asked))}
    return render(request, "registry/canvasses/own/request.html", context)


@requires(Permission.OWN_REGISTRATION)
@require_safe
def own_receipt(request: SignedInRequest, pk: UUID) -> HttpResponse:
    asked = requests.request(request.user, pk)
    page = ReplyPage(asked, token_for(asked))
    return render(request, "registry/access_log/receipt.html", {"page": page, "of_profile": True})


@requires(Permission.OWN_REGISTRATION)
@require_safe
def answer(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return redirect(answer_url(requests.request(request.user, pk)))
