"""A relay with two hundred viewers, and with one wall of nine."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.page import Found, Limit, Section, Table
from bench.portal import fresh, relaying
from bench.processor import database_seconds, seconds
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.roles import Role
from integration.live.models import ViewGrant
from registry.incidents.services import incidents
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.cores.devices import core_model
from tests.integration.live.streaming import Scene, scene
from tests.integration.live.video.test_fragments import sent
from tests.peers.cameras_at_work import RATE, Viewer, run
from tests.peers.relay import Relay
from tests.people import sign_in

VIEWERS, CAMERAS, SCENES, SECONDS = 200, 10, 2, 40
WALL, BEGIN = 9, 12
"""Tiles of the wall; seconds in which everybody comes, before gaps count."""

BITS = ("-b:v", "1M", "-minrate", "1M", "-maxrate", "1M", "-bufsize", "200k")
WORST, WALL_TAKES = "worst gap between two frames, seconds", "a wall of nine, of a core"
SECTION = Section(
    "Viewers of a relay",
    f"""{VIEWERS} viewers of {CAMERAS * SCENES} streams for {SECONDS} seconds, {RATE} frames a second of 320 x 180 at
    about a megabit, one relay. The streams are sent and the viewers read by the benchmark's own process on the same
    machine, each frame judged by the real gate: sessions, decisions made again each second and a half, an entry each
    minute. Then one page with {WALL} views alone. Processor time of the relay and of the database's processes; a gap is
    the time between two frames of one view, once all have come, {BEGIN} seconds after the first.""",
    {
        WORST: Limit("A viewer sees a picture that moves, also when two cores do all of it.", most=1.0),
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
                [
                    "viewers",
                    "streams",
                    "frames",
                    "all see, s",
                    "worst gap, s",
                    "median, s",
                    "relay, of a core",
                    "database",
                ],
                [
                    (VIEWERS, CAMERAS * SCENES, many.frames, many.begun, many.worst, many.median, *many.of_a_core),
                    (f"1 with {WALL}", WALL, alone.frames, alone.begun, alone.worst, alone.median, *alone.of_a_core),
                ],
            ),
            f"So one core of a relay serves about {int(VIEWERS / many.of_a_core[0])} viewers here.",
        ],
        {WORST: many.worst, WALL_TAKES: sum(alone.of_a_core)},
    )


@dataclass(frozen=True)
class Measured:
    """Figures of a run. begun: seconds until everybody saw a picture. relay, database: seconds of processor."""

    frames: int
    begun: float
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
    before = sum(map(seconds, relay.processes)), database_seconds(portal.admin, portal.name)
    began = time.monotonic()
    asyncio.run(run(relay, viewers, body, seconds=SECONDS))
    took = (
        sum(map(seconds, relay.processes)) - before[0],
        database_seconds(portal.admin, portal.name) - before[1],
    )
    assert all(len(viewer.came) == len(viewer.views) for viewer in viewers)
    gaps = [gap for viewer in viewers for gap in viewer.gaps(after=began + BEGIN, until=began + SECONDS)]
    frames = sum(len(came) for viewer in viewers for came in viewer.came.values())
    begun = max(came[0] for viewer in viewers for came in viewer.came.values()) - began
    return Measured(frames, begun, max(gaps), statistics.median(gaps), *took)


def view_of(seen: Scene, number: int) -> ViewGrant:
    """Let another deputy begin to see a camera, from a sign-in of their own."""
    deputy = person(Role.DEPUTY)
    incidents.assign(incident=seen.incident, user=deputy, by=seen.supervisor)
    key = str(sign_in(deputy).session.session_key)
    return seen.begin(seen.cameras[number % CAMERAS], by=deputy, session=key)


def views_of_wall(seen: Scene) -> list[ViewGrant]:
    """Let the deputy of a scene begin to see nine cameras."""
    return [seen.begin(camera) for camera in seen.cameras[:WALL]]
