"""How soon a wall shows its first pictures: with one, two, four and nine tiles, and with others at work beside it."""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from imageio_ffmpeg import get_ffmpeg_exe

from bench.live.screen import Screen, screen
from bench.page import Found, Limit, Section, Table
from fusus_portal.demo.servers.postgres import Postgres

WALLS, ROUNDS, BESIDE = (1, 2, 4, 9), 5, 4
SECONDS, RATE, KEY = 30, 15, 2
"""Length of the recording that each camera repeats, its frames a second, and seconds from key frame to key frame."""

SOON = "first picture of a tile, median ms, of {tiles}"
SECTION = Section(
    "First pictures of a wall",
    f"""A CORE, gunicorn, a relay, and the page in a headless Chromium, all on one machine. The CORE has nine cameras.
    Each repeats {SECONDS} seconds of H.264 with a key frame every {KEY} seconds. {ROUNDS} presses of "View" for each
    wall, a second after the page came, timed by the clock from the press until each tile shows a moving picture; then
    the same beside {BESIDE} processes that take all the processor they get.""",
    {
        SOON.format(tiles=tiles): Limit(
            "A press should show the scene within half a second, whatever the number of pictures.", most=500
        )
        for tiles in WALLS
    },
)


def main(server: Postgres) -> Found:
    """Begin each wall again and again, alone and with others at work."""
    with TemporaryDirectory() as folder:
        recording = str(recorded(Path(folder) / "street.mp4"))
        with screen(server, sources={f"c{number}": recording for number in range(max(WALLS))}) as shown:
            alone = {tiles: pictures(shown, tiles) for tiles in WALLS}
            with others_at_work():
                beside = {tiles: pictures(shown, tiles) for tiles in WALLS}
    rows = [(tiles, load, *figures(found[tiles])) for load, found in ((0, alone), (BESIDE, beside)) for tiles in WALLS]
    return Found(
        [
            Table(
                ["tiles", "busy processes beside", "first picture, median ms", "95 %", "all pictures, median ms"], rows
            )
        ],
        {
            SOON.format(tiles=tiles): statistics.median(each for wall in alone[tiles] for each in wall)
            for tiles in WALLS
        },
    )


def recorded(target: Path) -> Path:
    """Write what a camera sends; return its path."""
    source = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate={RATE}:duration={SECONDS}"]
    coded = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "1M", "-pix_fmt", "yuv420p", "-g", str(RATE * KEY)]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, *coded, "-bf", "0", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def pictures(shown: Screen, tiles: int) -> list[list[float]]:
    """Return the milliseconds to each first picture of a wall, for each press."""
    found = []
    for _press in range(ROUNDS):
        found.append(shown.begin_wall(tiles))
        shown.end_wall()
    return found


def figures(walls: list[list[float]]) -> tuple[float, float, float]:
    """Return what a line of the table says."""
    each = [picture for wall in walls for picture in wall]
    at_95 = statistics.quantiles(each, n=20, method="inclusive")[18]
    return statistics.median(each), at_95, statistics.median(max(wall) for wall in walls)


@contextmanager
def others_at_work() -> Iterator[None]:
    """Let other processes take the processor."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _each in range(BESIDE)]
    try:
        yield
    finally:
        for each in busy:
            each.kill()
            each.wait()
