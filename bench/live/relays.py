"""A relay with two hundred viewers, and with one wall of nine."""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

import aiohttp
import psutil

from bench.page import Found, Limit, Section, Table
from bench.portal import fresh, relaying
from bench.processor import database_seconds, seconds
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.roles import Role
from integration.live.models import ViewGrant
from integration.live.services import streams
from integration.relay.messages import HEADER, Kind
from registry.incidents.services import incidents
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.cores.devices import core_model
from tests.integration.live.streaming import Scene, scene, stream_of
from tests.integration.live.video.test_fragments import sent
from tests.integration.relay.watching import shown
from tests.peers.relay import Relay
from tests.people import sign_in

VIEWERS, CAMERAS, SCENES, SECONDS = 200, 10, 2, 30
RATE, WALL, BEGIN = 15, 9, 5
"""Frames a second; tiles of the wall; seconds until everybody must see something."""

BITS = ("-b:v", "1M", "-minrate", "1M", "-maxrate", "1M", "-bufsize", "200k")
WORST, WALL_TAKES = "worst gap between two frames, seconds", "a wall of nine, of a core"
SECTION = Section(
    "Viewers of a relay",
    f"""{VIEWERS} viewers of {CAMERAS * SCENES} streams for {SECONDS} seconds, {RATE} frames a second of 320 x 180 at
    about a megabit, one relay. The streams are sent and the viewers read by the benchmark's own process on the same
    machine, each frame judged by the real gate: sessions, decisions made again each second and a half, an entry each
    minute. Then one page with {WALL} views alone. Processor time of the relay and of the database's processes; a gap is
    the time between two frames of one view.""",
    {
        WORST: Limit("Whoever looks sees a picture that moves, also when two cores do all of it.", most=1.0),
        WALL_TAKES: Limit("One wall must leave the machine to everybody else.", most=0.6),
    },
)


def main(server: Postgres) -> Found:
    """Let all watch, then one page with nine views."""
    body = sent(*BITS, size="320x180", rate=RATE, seconds=SECONDS + 15)
    with fresh(server) as portal:
        scenes = [scene(cameras=CAMERAS, model=core_model(cameras=CAMERAS)) for _scene in range(SCENES)]
        viewers = [Viewer([view_of(scenes[number % SCENES], number // SCENES)]) for number in range(VIEWERS)]
        wall = Viewer(views_of_wall(scenes[0]))
        with relaying(portal) as relay:
            many = measured(portal, relay, viewers, body)
            alone = measured(portal, relay, [wall], body)
    return Found(
        [
            Table(
                ["viewers", "streams", "frames", "worst gap, s", "median of gaps, s", "relay, of a core", "database"],
                [
                    (VIEWERS, CAMERAS * SCENES, many.frames, many.worst, many.median, *many.of_a_core),
                    (f"1 with {WALL}", WALL, alone.frames, alone.worst, alone.median, *alone.of_a_core),
                ],
            ),
            f"So one core of a relay serves about {int(VIEWERS / many.of_a_core[0])} viewers here.",
        ],
        {WORST: many.worst, WALL_TAKES: sum(alone.of_a_core)},
    )


@dataclass
class Viewer:
    """One page, and when each frame of each view came."""

    views: Sequence[ViewGrant]
    came: dict[int, list[float]] = field(default_factory=dict)

    async def watch(self, session: aiohttp.ClientSession, url: str, until: float) -> None:
        """Read frames until a moment."""
        body = json.dumps({"pass": shown(self.views[0]), "views": [str(view.pk) for view in self.views]})
        async with session.post(f"{url}/watch", data=body) as answer:
            assert answer.status == 200, answer.status
            while time.monotonic() < until:
                kind, view, length = HEADER.unpack(await answer.content.readexactly(HEADER.size))
                await answer.content.readexactly(length)
                if kind == Kind.FRAME:
                    self.came.setdefault(view, []).append(time.monotonic())
                assert kind != Kind.REFUSED


@dataclass(frozen=True)
class Measured:
    """What came of a run. relay, database: seconds of processor."""

    frames: int
    worst: float
    median: float
    relay: float
    database: float

    @property
    def of_a_core(self) -> tuple[float, float]:
        """Return what the relay and the database took of one core."""
        return self.relay / SECONDS, self.database / SECONDS


def measured(portal: Clone, relay: Relay, viewers: Sequence[Viewer], body: bytes) -> Measured:
    """Let devices send and pages watch."""
    relaying_it = psutil.Process(relay.pid)
    before = seconds(relaying_it), database_seconds(portal.admin, portal.name)
    began = time.monotonic()
    asyncio.run(run(relay, viewers, body))
    took = seconds(relaying_it) - before[0], database_seconds(portal.admin, portal.name) - before[1]
    gaps = []
    for viewer in viewers:
        assert len(viewer.came) == len(viewer.views)
        for came in viewer.came.values():
            late = [at for at in came if at > began + BEGIN]
            gaps += [after - at for at, after in pairwise(late)]
    frames = sum(len(came) for viewer in viewers for came in viewer.came.values())
    return Measured(frames, max(gaps), statistics.median(gaps), *took)


async def run(relay: Relay, viewers: Sequence[Viewer], body: bytes) -> None:
    until = time.monotonic() + SECONDS
    wanted = {stream_of(view).pk for viewer in viewers for view in viewer.views}
    line, patience = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=line, timeout=patience) as session:
        sending = [asyncio.create_task(send(session, relay.url, stream, body)) for stream in wanted]
        await asyncio.gather(*(viewer.watch(session, relay.url, until) for viewer in viewers))
        for task in sending:
            task.cancel()


async def send(session: aiohttp.ClientSession, url: str, stream: UUID, body: bytes) -> None:
    """Send a stream as a camera does, a frame when it is due."""

    async def paced() -> AsyncIterator[bytes]:
        began = time.monotonic()
        for number, part in enumerate(frames_of(body)):
            await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
            yield part

    headers = {"Authorization": f"Bearer {streams.token_of(stream)}"}
    async with session.put(f"{url}/core/v1/streams/{stream}/live.mp4", data=paced(), headers=headers) as answer:
        assert answer.status == 204, await answer.text()


def frames_of(body: bytes) -> Iterator[bytes]:
    """Yield what stands before the first frame with it, then frame after frame."""
    begun = 0
    at = body.index(b"moof") - 4
    while (after := body.find(b"moof", at + 8) - 4) > 0:
        yield body[begun:after]
        begun = at = after


def view_of(seen: Scene, number: int) -> ViewGrant:
    """Let another deputy begin to see a camera, from a sign-in of their own."""
    deputy = person(Role.DEPUTY)
    incidents.assign(incident=seen.incident, user=deputy, by=seen.supervisor)
    key = str(sign_in(deputy).session.session_key)
    return seen.begin(seen.cameras[number % CAMERAS], by=deputy, session=key)


def views_of_wall(seen: Scene) -> list[ViewGrant]:
    """Let the deputy of a scene begin to see nine cameras."""
    return [seen.begin(camera) for camera in seen.cameras[:WALL]]
