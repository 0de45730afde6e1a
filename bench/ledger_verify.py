"""How many entries a second the verifier checks that anybody may download: an export of 1,000,000, whole, offline."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from itertools import repeat
from pathlib import Path

from audit.ledger import exporting, keys
from audit.ledger.addresses import Place
from audit.ledger.leaves import entry_bytes
from audit.ledger.merkle import Frontier, leaf_hash, perfect_root
from audit.ledger.notes import TreeHead
from audit.ledger.tiles import packed
from audit.models.tree import WIDTH
from bench.timing import table
from fusus_portal.demo.postgres import Postgres

ENTRIES = 1_000_000
ROUNDS = 5
BARS = {1: 1_000_000, 2: 1_800_000}
"""Entries a second, by how many processes work."""


def main(server: Postgres) -> bool:
    """Return whether the bars are reached. No database takes part."""
    folder = Path(tempfile.mkdtemp(prefix="portal-verify.", dir="/var/tmp"))
    try:
        bytes_each = write_export(folder, ENTRIES)
        measured: dict[int, list[tuple[float, float]]] = {jobs: [] for jobs in BARS}
        alone = []
        for _ in range(ROUNDS):  # in turn, since the machine is now faster and now slower
            alone.append(hashing(round(bytes_each)))
            for jobs, times in measured.items():
                times.append(verified(folder, jobs))
    finally:
        shutil.rmtree(folder)
    floor = statistics.median(alone)
    print(f"Two SHA-256 an entry, and nothing else: {floor:.2f} s, {ENTRIES / floor:,.0f} entries a second.")
    rows = []
    for jobs, times in measured.items():
        wall, processor = (statistics.median(kind) for kind in zip(*times, strict=True))
        rows.append((jobs, wall, processor, round(ENTRIES / wall), wall / floor))
    table(
        f"Verifying an export of {ENTRIES:,} entries of {bytes_each:.0f} bytes, start of Python included",
        ["processes", "seconds", "of them on a processor, all together", "entries a second", "of hashing alone"],
        rows,
    )
    return all(rate >= BARS[jobs] for jobs, _wall, _processor, rate, _beside in rows)


def hashing(size: int) -> float:
    """Return the seconds that a loop takes to hash so many entries of a size, and as many pairs."""
    entry, pair = bytes(size + 1), bytes(65)
    started = time.perf_counter()
    for _ in repeat(None, ENTRIES):
        sha256(entry).digest()
        sha256(pair).digest()
    return time.perf_counter() - started


def write_export(folder: Path, count: int) -> float:
    """Write an export as `manage.py ledger export` does, without a database; return the mean bytes of an entry."""
    signer = keys.made("portal.bench/ledger")
    tree, total = Frontier(), 0
    levels: list[list[bytes]] = [[]]
    for start in range(0, count, WIDTH):
        entries = [an_entry(number) for number in range(start, min(start + WIDTH, count))]
        total += sum(map(len, entries))
        keep(folder / "tile/entries" / str(Place(start // WIDTH, len(entries))), packed(entries))
        hashes = [leaf_hash(entry) for entry in entries]
        for leaf in hashes:
            tree.add(leaf)
        levels[0].extend(hashes)
    for level, hashes in enumerate(levels):
        roots = []
        for start in range(0, len(hashes), WIDTH):
            tile = hashes[start : start + WIDTH]
            keep(folder / f"tile/{level}" / str(Place(start // WIDTH, len(tile))), b"".join(tile))
            if len(tile) == WIDTH:
                roots.append(perfect_root(tile))
        if roots:
            levels.append(roots)
    head = TreeHead(signer.name, tree.size, tree.root())
    keep(folder / "checkpoint", head.signed(signer).encode())
    keep(folder / "key", f"{signer.verifier}\n".encode())
    return total / count


def an_entry(number: int) -> bytes:
    """Return an entry as large as that of a camera that was shown to a deputy."""
    return entry_bytes({
        "id": number + 1,
        "at": "2026-03-01T22:14:07.123456Z",
        "nonce": os.urandom(16),
        "event": "registry:camera:show",
        "outcome": "done",
        "actor_kind": "user",
        "actor_id": "4a54dd6e-8a2b-4a49-a9f4-64f9e43f4f5b",
        "actor_role": "deputy",
        "actor_pseudonym": "Deputy K7Q2",
        "subject_kind": "camera",
        "subject_id": "1b2f3a52-6d2f-4b42-9d0c-0c6a4c0a7d11",
        "incident_id": "9f7f5b1e-55a7-4a7e-8a39-9d6f1d8a2c35",
        "camera_id": "1b2f3a52-6d2f-4b42-9d0c-0c6a4c0a7d11",
        "camera_number": number % 900 + 1,
        "offence_type": "burglary",
        "premises_type": "home",
        "area": "35203",
        "transaction": 700_000 + number,
        "db_role": "portal_app",
    })  # fmt: skip


def keep(file: Path, content: bytes) -> None:
    """Write a file of the export."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def verified(folder: Path, jobs: int) -> tuple[float, float]:
    """Verify the export in a process of its own; return the seconds that passed, and those on a processor."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, str(exporting.VERIFIER), str(folder), "--jobs", str(jobs)], check=True, capture_output=True
    )
    passed, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
