"""The verifier that anybody may download, beside hashing alone."""

import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from itertools import product, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from audit.ledger import export, keys
from audit.ledger.models import WIDTH
from audit.ledger.notes import TreeHead
from audit.ledger.tree.merkle import Frontier, leaf_hash, perfect_root
from audit.ledger.tree.tiles import TilePlace, packed
from bench.page import Found, Limit, Section, Table
from fusus_portal.demo.servers.postgres import Postgres

ENTRIES = 1_000_000
ROUNDS = 3
JOBS = (1, 2)
NOTHING: Mapping[str, object] = {}
DIGESTS: Mapping[str, object] = {
    "address_digest": b64encode(bytes(32)).decode(),
    "agent_digest": b64encode(bytes(32)).decode(),
    "facts": {"canvass": "caed9995-8834-44b3-b487-8e9acf8efd64"},
    "reason_digest": b64encode(bytes(32)).decode(),
    "sign_in": "8f1c2a5d0b7e4c3f9a6d1e8b5c2f7a04" * 2,
}
"""Further fields of an entry about a camera shown in a browser: the longest values that are common."""

KINDS = {"without texts": NOTHING, "with digests of all texts": DIGESTS}


SECTION = Section(
    "Verifying the whole log",
    f"""An export of {ENTRIES:,} entries, by the verifier that anybody may download, offline, start of Python included.
    Medians of {ROUNDS} rounds, all in turn. "Hashing alone" is two SHA-256 an entry and nothing else, by as many
    processes, in the same run. docs/decisions/audit/ledger-speed.md says what was done for speed.""",
    {
        f"entries {kind}, {jobs} at a time, of hashing alone": Limit(
            """Two SHA-256 an entry can't be spared, and are most of the time; half as much again breaks the limit, and
            the second process starts Python once more.""",
            most=2,
        )
        for kind, jobs in product(KINDS, JOBS)
    },
)


def main(_server: Postgres) -> Found:
    """Verify exports by one process and by two, in turn with hashing alone. No database takes part."""
    measured: dict[tuple[str, int], list[tuple[float, float, float]]] = defaultdict(list)
    with TemporaryDirectory(prefix="portal-verify.", dir="/var/tmp") as name:
        folders = {kind: Path(name) / str(number) for number, kind in enumerate(KINDS)}
        size = {kind: round(write_export(folder, ENTRIES, KINDS[kind])) for kind, folder in folders.items()}
        for _ in range(ROUNDS):  # in turn, since the machine is now faster and now slower
            for kind, jobs in product(KINDS, JOBS):
                passed, processor = verified(folders[kind], jobs)
                measured[kind, jobs].append((passed, processor, processor / hashing(size[kind], jobs)))
    medians = {key: tuple(map(statistics.median, zip(*found, strict=True))) for key, found in measured.items()}
    headings = ["entries", "bytes each", "processes", "seconds", "of them on a processor, all together"]
    return Found(
        [
            Table(
                [*headings, "entries a second", "of hashing alone"],
                [
                    (kind, size[kind], jobs, passed, processor, round(ENTRIES / passed), ratio)
                    for (kind, jobs), (passed, processor, ratio) in medians.items()
                ],
            )
        ],
        {bar: ratio for bar, (_passed, _processor, ratio) in zip(SECTION.bars, medians.values(), strict=True)},
    )


def hashing(size: int, jobs: int) -> float:
    """Return the processor seconds that so many processes take to hash entries of a size, and as many pairs."""
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        return sum(pool.starmap(hash_each, [(size, ENTRIES // jobs)] * jobs, chunksize=1))


def hash_each(size: int, count: int) -> float:
    """Hash so many entries, and as many pairs; return the seconds of processor."""
    entry, pair = bytes(size + 1), bytes(65)
    started = time.process_time()
    for _ in repeat(None, count):
        sha256(entry).digest()
        sha256(pair).digest()
    return time.process_time() - started


def write_export(folder: Path, count: int, more: Mapping[str, object] = NOTHING) -> float:
    """Write an export as `manage.py ledger export` does, without a database; return the mean bytes of an entry.

    more: what each entry says besides.
    """
    signer = keys.made("portal.bench/ledger")
    tree, total = Frontier(), 0
    levels: list[list[bytes]] = [[]]
    for start in range(0, count, WIDTH):
        entries = [an_entry(number, more) for number in range(start, min(start + WIDTH, count))]
        total += sum(map(len, entries))
        keep(folder / "tile/entries" / str(TilePlace(start // WIDTH, len(entries))), packed(entries))
        hashes = [leaf_hash(entry) for entry in entries]
        for leaf in hashes:
            tree.add(leaf)
        levels[0].extend(hashes)
    for level, hashes in enumerate(levels):
        roots = []
        for start in range(0, len(hashes), WIDTH):
            tile = hashes[start : start + WIDTH]
            keep(folder / f"tile/{level}" / str(TilePlace(start // WIDTH, len(tile))), b"".join(tile))
            if len(tile) == WIDTH:
                roots.append(perfect_root(tile))
        if roots:
            levels.append(roots)
    head = TreeHead(signer.name, tree.size, tree.root())
    keep(folder / "checkpoint", head.signed(signer).encode())
    keep(folder / "key", f"{signer.verifier}\n".encode())
    return total / count


def an_entry(number: int, more: Mapping[str, object]) -> bytes:
    """Return an entry of a camera that was shown to a deputy."""
    said = {
        "actor": "user:4a54dd6e-8a2b-4a49-a9f4-64f9e43f4f5b",
        "area": "35203",
        "at": "2026-03-01T22:14:07.123456Z",
        "camera": "1b2f3a52-6d2f-4b42-9d0c-0c6a4c0a7d11",
        "camera_number": number % 900 + 1,
        "db_role": "portal_app",
        "event": "registry:camera:show",
        "id": number + 1,
        "incident": "9f7f5b1e-55a7-4a7e-8a39-9d6f1d8a2c35",
        "n": b64encode(os.urandom(16)).decode(),
        "offence": "burglary",
        "outcome": "done",
        "premises": "home",
        "pseudonym": "Deputy K7Q2",
        "role": "deputy",
        "subject": "camera:1b2f3a52-6d2f-4b42-9d0c-0c6a4c0a7d11",
        "transaction": 700_000 + number,
    }
    return json.dumps({**said, **more}, separators=(",", ":"), sort_keys=True).encode()


def keep(file: Path, content: bytes) -> None:
    """Write a file of the export."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def verified(folder: Path, jobs: int) -> tuple[float, float]:
    """Verify the export in a process of its own; return the seconds that passed, and those on a processor."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, str(export.VERIFIER), str(folder), "--jobs", str(jobs)], check=True, capture_output=True
    )
    passed, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
