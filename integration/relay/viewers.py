"""Pages that ask for the pictures of their views: `POST /watch`, answered for as long as the views run."""

import asyncio
import json
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from aiohttp import web
from django.conf import settings
from django.db import DatabaseError

from audit.log.actors import Subject, acting_from
from audit.log.events import REFUSALS
from audit.log.services import record_refusal
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours
from integration.live import passes
from integration.live.models import ViewGrant
from integration.live.services.gate import Question
from integration.relay import wire
from integration.relay.gatekeeper import Gatekeeper
from integration.relay.lines import Line, Tile
from integration.relay.listeners import NOTHING_KEPT, address_of, source_of
from integration.relay.threads import Threads
from integration.rules import GRID, PAGE_ASKS_WITHIN_SECONDS

LARGEST: Final = 8 * 1024
MOST_LINES: Final = 4
"""Lines of one sign-in at once: one for each incident's page, and another while a page changes its views."""

WAITS_IN_KERNEL: Final = 16 * 1024
WAITS_HERE: Final = 16 * 1024
"""Bytes that may wait on a slow line before the next frame is written: written bytes can't be taken back."""

TCP_NOTSENT_LOWAT: Final = 25


class Unasked(Exception):
    """A request that is answered with a status and nothing else."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.answer = status


class Viewers:
    def __init__(self, threads: Threads, gatekeeper: Gatekeeper) -> None:
        self._threads = threads
        self._gatekeeper = gatekeeper
        self._lines: defaultdict[str, int] = defaultdict(int)

    async def watch(self, request: web.Request) -> web.StreamResponse:
        """Answer with the pictures of views, until all views are over or the page is gone."""
        headers = {**NOTHING_KEPT, **_origin(request)}
        try:
            async with asyncio.timeout(PAGE_ASKS_WITHIN_SECONDS):
                body = await request.read()
            shown, asked = _read(body)
            tiles = await self._threads.run(partial(_tiles, request, shown, asked))
            with self._counted(shown):
                return await self._answer(request, Line(shown, tiles), headers)
        except Unasked as wrong:
            return web.json_response({"status": wrong.answer}, status=wrong.answer, headers=headers)
        except TimeoutError:
            return web.json_response({"status": 408}, status=408, headers=headers)
        except DatabaseError:
            return web.json_response({"status": 503}, status=503, headers=headers)

    async def _answer(self, request: web.Request, line: Line, headers: dict[str, str]) -> web.StreamResponse:
        response = web.StreamResponse(headers={**headers, "X-Accel-Buffering": "no"})
        response.content_type = "application/octet-stream"
        self._gatekeeper.lines.add(line)
        try:
            await response.prepare(request)
            _wait_little(request)
            await response.write(wire.BEAT)
            await self._gatekeeper.ask([line])
            await line.run(response.write)
        except (TimeoutError, ConnectionError):
            if request.transport is not None:
                request.transport.abort()
        finally:
            self._gatekeeper.lines.discard(line)
            line.close()
        return response

    @contextmanager
    def _counted(self, shown: passes.Pass) -> Iterator[None]:
        if self._lines[shown.session] >= MOST_LINES:
            raise Unasked(HTTPStatus.TOO_MANY_REQUESTS)
        self._lines[shown.session] += 1
        try:
            yield
        finally:
            self._lines[shown.session] -= 1
            if not self._lines[shown.session]:
                del self._lines[shown.session]


def _origin(request: web.Request) -> dict[str, str]:
    """Return headers that let the portal's own page, and no other, read an answer of a relay at another origin."""
    parts = urlsplit(settings.SITE_URL)
    site = f"{parts.scheme}://{parts.netloc}"
    return {"Access-Control-Allow-Origin": site, "Vary": "Origin"} if request.headers.get("Origin") == site else {}


def _read(body: bytes) -> tuple[passes.Pass, list[UUID]]:
    try:
        said = json.loads(body)
        shown, views = passes.read(said["pass"]), [UUID(each) for each in said["views"]]
    except passes.NoPass as error:
        raise Unasked(HTTPStatus.FORBIDDEN) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unasked(HTTPStatus.BAD_REQUEST) from error
    if not 1 <= len(views) <= GRID or len(set(views)) != len(views):
        raise Unasked(HTTPStatus.BAD_REQUEST)
    return shown, views


def _tiles(request: web.Request, shown: passes.Pass, views: list[UUID]) -> list[Tile]:
    """Return a tile for each view. Raises Unasked for a wrong caller and, with an entry, for another's view."""
    source = source_of(request, shown.session)
    user = User.objects.filter(pk=shown.deputy).first()
    if user is None or not has(user.role, Permission.VIEW_LIVE) or shown.network != address_of(request):
        raise Unasked(HTTPStatus.FORBIDDEN)
    own = set(ViewGrant.objects.filter(pk__in=views, deputy=user).values_list("pk", flat=True))
    for view in views:
        if view not in own:
            with acting_from(source):
                subject = Subject("view", str(view))
                record_refusal(event=REFUSALS[NotYours], actor=user.actor, subject=subject, facts={})
            raise Unasked(HTTPStatus.NOT_FOUND)
    questions = (Question(view, user, shown.network, shown.session, source) for view in views)
    return [Tile(number, question) for number, question in enumerate(questions)]


def _wait_little(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    transport.set_write_buffer_limits(high=WAITS_HERE)
    line = transport.get_extra_info("socket")
    if line is not None and line.family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError):
            line.setsockopt(socket.IPPROTO_TCP, TCP_NOTSENT_LOWAT, WAITS_IN_KERNEL)
