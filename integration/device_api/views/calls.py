"""The device API: a CORE calls outbound only, with a token and a signature. docs/devices.md gives the reasons."""

from http import HTTPStatus
from pathlib import Path

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import spend
from fusus_portal.ground.access.source import network_of
from integration.cores import selectors as core_selectors
from integration.cores.services import activation, health, tokens
from integration.cores.services.health import Health
from integration.device_api.parsers import ACTIVATE, HEALTH, TOKEN, Malformed
from integration.device_api.views.answers import answering, body_of, caller_of, check_signed, problem, server_time
from integration.rules import NETWORK_TRIES, POLL_SECONDS

RENEWALS = "20/h"
"""Tokens that one CORE may ask for by its key."""

DOCUMENT = Path(__file__).resolve().parents[1] / "openapi.json"


@public
@answering("POST")
def activate(request: HttpRequest) -> JsonResponse:
    said = body_of(request, ACTIVATE)
    spend("core_activate", NETWORK_TRIES, network_of(request))
    try:
        core, token = activation.activate(**said)
    except ValidationError as wrong:
        raise Malformed("key", " ".join(wrong.messages)) from wrong
    return _fresh(token, core=str(core.pk), again_in=POLL_SECONDS)


@public
@answering("POST")
def token(request: HttpRequest) -> JsonResponse:
    """Give a CORE that proves its key another token, for one that it lost or that was revoked."""
    said = body_of(request, TOKEN)
    core = check_signed(request, core_selectors.by_serial(said["serial"]))
    # After the signature: before it, anybody could claim to be this CORE, and use up its renewals.
    spend("core_token", RENEWALS, str(core.pk))
    return _fresh(tokens.renew(core=core))


@public
@answering("POST")
def report_health(request: HttpRequest) -> JsonResponse:
    caller = caller_of(request)
    said = body_of(request, HEALTH)
    if said["disk_free"] > said["disk_size"]:
        raise Malformed("disk_free", "No more can be free than there is.")
    drift = said.pop("clock_ms") - int(timezone.now().timestamp() * 1000)
    channels = said.pop("channels")
    pictures = {name: each["picture"] for name, each in channels.items()}
    problems = {name: each["problems"] or [] for name, each in channels.items()}
    told = Health(clock_drift_ms=drift, channels=pictures, **said)
    health.report(core=caller.core, health=told, problems=problems)
    return JsonResponse({"server_time": server_time(), "clock_drift_ms": drift})


@public
@answering("GET")
def cameras(request: HttpRequest) -> JsonResponse:
    """Return the connected channels of a CORE. The cameras' names and places are not its business."""
    caller = caller_of(request)
    health.heard_of(core=caller.core)
    rows = core_selectors.behind(caller.core)
    return JsonResponse({"cameras": [{"id": str(row.pk), "channel": row.channel} for row in rows]})


@public
@answering("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(DOCUMENT.read_bytes(), content_type="application/json")


@csrf_exempt  # it does nothing
@public
@never_cache
def nothing_here(request: HttpRequest, rest: str = "") -> JsonResponse:
    return problem(HTTPStatus.NOT_FOUND, "no-such-call", "There is no such call. /core/v1/openapi.json names them all.")


def _fresh(token: str, **more: str | int) -> JsonResponse:
    return JsonResponse({"token": token, "server_time": server_time(), **more})
