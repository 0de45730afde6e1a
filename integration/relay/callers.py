"""Requests to a relay: their address, token and network, and answers to devices."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from django.conf import settings

from audit.log.actors import Source
from fusus_portal.ground.serving import networks
from integration.device_api.callers import PROBLEM, problem_of

NOTHING_KEPT: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def address_of(request: web.Request) -> str:
    """Return the network address of the caller, "" if it is unknown."""
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
    return networks.address_behind(request.remote or "", forwarded, proxies=settings.TRUSTED_PROXY_COUNT)


def network_of(request: web.Request) -> str:
    return networks.network_of(address_of(request))


def source_of(request: web.Request, sign_in: str = "") -> Source:
    # An entry can't hold bytes of a header that are not UTF-8.
    agent = request.headers.get("User-Agent", "").encode("utf-8", "replace").decode()
    return Source(address=address_of(request), user_agent=agent, sign_in=sign_in)


def problem(status: HTTPStatus, code: str, detail: str, *, wait: int = 0) -> web.Response:
    """Return a problem for a device as the device API does (RFC 9457), and end the line. wait: seconds to stay away."""
    body: dict[str, Any] = problem_of(status, code, detail)
    headers = {**NOTHING_KEPT, **({"Retry-After": str(wait)} if wait else {})}
    response = web.json_response(body, status=status, content_type=PROBLEM, headers=headers)
    response.force_close()
    return response
