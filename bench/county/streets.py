"""The county's streets and addresses are loaded, found and drawn at the size of a large county."""

import resource
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

import psycopg
from pmtiles.reader import MmapSource, all_tiles
from psycopg import sql

from bench.clock import FIGURES, Timing, in_turn, timed
from bench.page import Found, Limit, Section, Table
from bench.portal import fresh
from fusus_portal.demo.data import tiger
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.streets import services, street_map
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.models import House, Street, StreetData
from fusus_portal.ground.streets.readers import open_source
from tests.database.clone import Clone
from tests.streets.county import SOUTHERN, Address, addresses, edges, pieces, write_addresses
from tests.streets.ways import WAYS, written

STREETS = 10_000
DRAWN_STREETS = 6_000
BLOCKS = 10
"""Pieces of each street."""

HOMES = 10
"""Addresses on each piece."""

BENDS = 5
OFF = 0.00005
"""How far a bend is off the straight line, in degrees: some 5 m."""

QUESTIONS = 400
WARM_UP = 50
TABLES = ("streets_street", "streets_house", "streets_segment", "streets_corner")
VIEW = (3, 2)
"""Tiles that a map of 1,024 by 512 points touches at most: the browser draws each with 512 points."""

MB = 1e6
OF_COPY = "loading, of a plain COPY of the same rows"
MEMORY = "most memory while loading, in MB"
SUGGESTION, LATE = "a suggestion, of one indexed query", "95 % of suggestions, of one indexed query"
WEIGHT, VIEW_WEIGHT = "the map, in MB", "the heaviest view of the map, in kB"
SECTION = Section(
    "Streets and addresses",
    f"""{STREETS * BLOCKS * HOMES:,} address points as CSV and {STREETS * BLOCKS:,} pieces of streets as a shapefile are
    loaded and their map is drawn, in one transaction. The rows that this writes are then copied once more, from one
    file into tables with the same columns and indexes. {QUESTIONS} texts are looked for, half of them whole addresses
    written in ten ways, half beginnings; each is asked beside one query for a house number by its index. The map is of
    {DRAWN_STREETS * BLOCKS:,} pieces; a view of it is {VIEW[0]} by {VIEW[1]} tiles, wherever they weigh most.
    docs/decisions/ground/streets.md says how each works.""",
    {
        OF_COPY: Limit("Reading, checking and naming a row may take nine times what writing it takes.", most=10),
        MEMORY: Limit("A worker has a share of a small server's memory.", most=1000),
        SUGGESTION: Limit(
            "Which data is in use, numbers and ranges are three queries; a text is read in each way that makes sense.",
            most=8,
        ),
        LATE: Limit(
            "With wrong letters it is read and asked for once more, against each street of the county.", most=20
        ),
        WEIGHT: Limit("A county of 60,000 pieces has to fit where pages are served from.", most=40),
        VIEW_WEIGHT: Limit("A phone fetches a view while a person waits.", most=250),
    },
)


def main(server: Postgres) -> Found:
    """Load, find and draw, each in a fresh database."""
    with TemporaryDirectory() as root:
        with fresh(server) as portal:
            loaded, measured = load(portal, Path(root))
            asked, of_query, late = find()
        with fresh(server):
            drawn, weights = draw(Path(root))
    return Found([loaded, asked, *drawn], {**measured, SUGGESTION: of_query, LATE: late, **weights})


def files(folder: Path, streets: int, homes: int) -> list[Path]:
    """Write a county's files. Nothing of it is kept in memory."""
    blocks = pieces(SOUTHERN, streets, BLOCKS)
    made = [tiger.write_edges(folder / "edges", map(winding, edges(blocks)))]
    if homes:
        told = addresses(SOUTHERN, pieces(SOUTHERN, streets, BLOCKS), homes)
        made.append(write_addresses(folder / "addresses.csv", told))
    return made


def winding(edge: tiger.Edge) -> tiger.Edge:
    """Return a piece of street that winds by some meters, as real ones do. One in eight is of a larger street."""
    chance = Random(edge.name)
    (x, y), (to_x, to_y) = edge.line
    between = [
        (
            round(x + (to_x - x) * share + chance.gauss(0, OFF), 6),
            round(y + (to_y - y) * share + chance.gauss(0, OFF), 6),
        )
        for share in (step / BENDS for step in range(1, BENDS))
    ]
    road = "S1200" if chance.random() < 0.125 else "S1400"
    return replace(edge, line=[(x, y), *between, (to_x, to_y)], road=road)


def load(portal: Clone, folder: Path) -> tuple[Table, dict[str, float]]:
    """Load the county, and copy the same rows again."""
    sources = [open_source(file) for file in files(folder, STREETS, HOMES)]
    passed, used, loaded = timed(lambda: services.load_streets(sources=sources))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / MB
    with portal.connect() as database:
        plain_passed, plain_used = copied(database)
    rows = sum(loaded.counts.values())
    table = Table(
        ["act", "seconds", "seconds on a processor", "rows a second"],
        [
            ("load", passed / 1000, used / 1000, round(rows * 1000 / passed)),
            ("plain COPY", plain_passed / 1000, plain_used / 1000, round(rows * 1000 / plain_passed)),
        ],
    )
    return table, {OF_COPY: used / plain_used, MEMORY: most}


def copied(database: psycopg.Connection) -> tuple[float, float]:
    """Copy the rows of each table into one like it; return the milliseconds, and those on a processor."""
    passed = used = 0.0
    for name in TABLES:
        table, again = sql.Identifier(name), sql.Identifier(f"bench_{name}")
        database.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(again, table))
        with TemporaryFile() as file:
            with database.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as rows:
                file.writelines(rows)
            file.seek(0)
            query = sql.SQL("COPY {} FROM STDIN").format(again)
            more, of_it, _nothing = timed(lambda file=file, query=query: write(database, query, file), database)  # type: ignore[misc]
        passed, used = passed + more, used + of_it
        database.commit()
    return passed, used


def write(database: psycopg.Connection, query: sql.Composed, file: IO[bytes]) -> None:
    """Copy a file into a table."""
    with database.cursor().copy(query) as rows:
        while piece := file.read(1 << 20):
            rows.write(piece)
    database.commit()


def find() -> tuple[Table, float, float]:
    """Look for texts beside one query each; return the table, the median ratio, and that of the 95th percentile."""
    chance = Random(5)
    told = list(asked(chance))
    streets = dict(Street.objects.values_list("label", "pk"))
    texts = {text: {"street": streets[home.street], "number": int(home.number)} for text, home in told}
    ways: dict[str, Callable[[str], int]] = {
        "find": lambda text: len(finder.find_places(text)),
        "one indexed query": lambda text: len(House.objects.filter(**texts[text]).values_list("latitude", "longitude")),
    }
    timings = in_turn(ways, [text for text, _address in told], warm_up=WARM_UP)
    own, query = timings["find"], timings["one indexed query"]
    table = Table(["way", *FIGURES], [(name, *one.figures) for name, one in timings.items()])
    return table, own.of(query), late(own) / statistics.median(query.processor)


def asked(chance: Random) -> Iterator[tuple[str, Address]]:
    """Give texts with the address that each means: whole ones in ten ways, and beginnings."""
    blocks = [piece for piece in pieces(SOUTHERN, STREETS, BLOCKS) if chance.random() < 0.02]
    homes = list(addresses(SOUTHERN, blocks, HOMES))
    for at, address in enumerate(chance.sample(homes, QUESTIONS + WARM_UP)):
        text = written(address, WAYS[at % len(WAYS)], chance)
        yield (text if at % 2 else text[: chance.randrange(3, len(text))]), address


def late(timing: Timing) -> float:
    """Return the 95th percentile of the time on a processor, in milliseconds."""
    return statistics.quantiles(timing.processor, n=20)[18]


def draw(folder: Path) -> tuple[list[str | Table], dict[str, float]]:
    """Draw the map of a county, and weigh it."""
    [edges_file] = files(folder, DRAWN_STREETS, 0)
    data: StreetData = services.load_streets(sources=[open_source(edges_file)])
    passed, used, size = timed(lambda: street_map.draw_map(data))
    with Path(street_map.map_storage().path(data.map_name)).open("rb") as file:
        weights = {place: len(tile) for place, tile in all_tiles(MmapSource(file))}
    rows = [
        (zoom, sum(zoom == place[0] for place in weights), heaviest(weights, zoom) / 1000)
        for zoom in range(street_map.LEAST_ZOOM, street_map.MOST_ZOOM + 1)
    ]
    table = Table(["zoom", "tiles", "heaviest view, kB"], rows)
    said = f"The map has {size / MB:.2g} MB. Drawing it took {passed / 1000:.2g} s, {used / 1000:.2g} s on a processor."
    return [said, table], {WEIGHT: size / MB, VIEW_WEIGHT: max(weight for _zoom, _tiles, weight in rows)}


def heaviest(weights: dict[tuple[int, int, int], int], zoom: int) -> int:
    """Return the bytes of the view of a zoom that weighs most."""
    corners = [(x, y) for at, x, y in weights if at == zoom]
    steps = list(product(range(VIEW[0]), range(VIEW[1])))
    return max(
        (sum(weights.get((zoom, x + right, y + down), 0) for right, down in steps) for x, y in corners), default=0
    )
