"""Orders of a CORE, at a poll and at a call that a relay holds. Events around the CORE never change when it calls."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.access import public
from integration.clips import services as clips
from integration.cores.services import credentials, health
from integration.device_api.callers import Caller, orders_for
from integration.device_api.parsers import ORDERS
from integration.device_api.views.answers import answering, body_of, caller_of, known, server_time
from integration.live import passes
from integration.live.models import LiveStream
from integration.live.services import snapshots, streams
from integration.live.video import relays
from integration.rules import POLL_SECONDS

PLAYLIST: Final = "live.m3u8"


class Told(JsonResponse):
    """Answer to a call for orders. core: id of the CORE. seen: digest of its orders. is_idle: it has no orders."""

    def __init__(self, said: dict[str, Any], *, core: UUID) -> None:
        super().__init__(said)
        self.core = core
        self.seen: str = said["seen"]
        self.is_idle = not said["orders"]
        self.brings_token = "token" in said


@public
@answering("POST")
def poll(request: HttpRequest) -> HttpResponse:
    caller = caller_of(request)
    body_of(request, {})
    relay = relays.receiver_of(relays.of_stream(caller.core.pk, relays.living()))
    line = f"{relay}{reverse('core_orders')}" if relay else ""
    return JsonResponse({"again_in": POLL_SECONDS, "line": line, **_told(caller, _orders(caller))})


@public
@answering("POST")
def orders(request: HttpRequest) -> HttpResponse:
    """Answer with a CORE's orders. A relay holds the call until they differ from those that the CORE has seen."""
    caller = caller_of(request)
    body_of(request, ORDERS)
    return _on_line(caller)


@answering("POST")
def orders_again(request: HttpRequest) -> HttpResponse:
    """Answer again a call that `orders` let in and a relay has held: its signature may be too old by now."""
    return _on_line(known(request))


def _on_line(caller: Caller) -> Told:
    told = _orders(caller)
    seen = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]
    return Told({"seen": seen, **_told(caller, told)}, core=caller.core.pk)


def _told(caller: Caller, told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    answer = {"server_time": server_time(), "orders": told}
    if fresh := credentials.exchange_token(token=caller.token):
        answer["token"] = fresh
    return answer


def _orders(caller: Caller) -> list[dict[str, Any]]:
    """Note that a CORE called, and return its orders. Raises Stale unless it is active."""
    health.heard_of(core=caller.core)
    ordered = orders_for(caller, now=timezone.now())
    streams.note_told(streams=[stream.pk for stream, _until in ordered])
    living = relays.living() if ordered else []
    return [
        *(_stream(stream, until, living) for stream, until in ordered),
        *snapshots.orders_for(caller.core),
        *(clips.orders_for(caller.core) if caller.has_clip else ()),
    ]


def _stream(stream: LiveStream, until: datetime, living: list[str]) -> dict[str, Any]:
    relay = relays.receiver_of(relays.of_stream(stream.pk, living))
    put = reverse("core_stream", args=[stream.pk, PLAYLIST]).removesuffix(PLAYLIST)
    return {
        "kind": "stream",
        "stream": str(stream.pk),
        "channel": stream.camera.channel,
        "put": put,
        "relay": f"{relay}{put}live.mp4" if relay else "",
        "hls": not relay or streams.wants_hls(stream.pk),
        "token": passes.stream_token(stream.pk),
        "until": int(until.timestamp()),
    }
