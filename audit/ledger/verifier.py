#!/usr/bin/env python3
"""Checks a log of Fusus from outside. Needs Python 3.11 or newer, and `cryptography` for the signatures.

    python3 verifier.py FOLDER                an export with all entries, offline
    python3 verifier.py https://.../ledger    the published part of the log
    python3 verifier.py FILE.tlog-proof       the receipt of one entry
    python3 verifier.py FILE.zip              entries that an auditor exported, as JSON Lines

It trusts nothing but a key: it computes all hashes anew, from the entries up to the root that the key signed. A place
of the tree holds an entry, or a filler ("event":"audit:filler:add"), which says nothing and hides how much is done.
Formats: C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature (c2sp.org); hashes: RFC 6962, 2.1.
"""

import argparse
import base64
import gc
import json
import os
import re
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain, repeat, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

WIDTH, HEIGHT = 256, 8
HASH = 32
CHUNK = 8  # tiles at a time: as many as fit into the processor's nearest memory
MOST_SHOWN = 20
LARGEST = WIDTH * 65_537
LOG_KEY, WITNESS_KEY = 1, 4
WHOLE, BROKEN, UNCHECKED = 0, 1, 2
FILLER = "audit:filler:add"
LEAF, NODE = sha256(b"\x00"), sha256(b"\x01")
COPY = type(LEAF).copy
"""Each hash begins as a copy of a SHA-256 that has read the first byte, which is faster than a new one."""


class Wrong(Exception):
    """The check failed: the log is not as it should be."""


class Unchecked(Exception):
    """The check is impossible: something that it needs is missing."""


# Hashes. These loops run once for each entry, so they call nothing of ours.


def leaves_of(content: bytes, width: int) -> bytes:
    """Return the leaf hashes of a bundle's entries. Raises IndexError if it does not hold exactly `width` of them."""
    hashes, place = [], 0
    for leaf in map(COPY, repeat(LEAF, width)):
        start = place + 2
        place = start + content[place] * 256 + content[place + 1]  # faster than shifting
        leaf.update(content[start:place])
        hashes.append(leaf.digest())
    if place != len(content):
        raise IndexError
    return b"".join(hashes)


def nodes_above(hashes: bytes) -> bytes:
    """Return the hashes of pairs; a lone one at the right goes up as it is (RFC 6962, 2.1)."""
    paired = len(hashes) // 64
    above = []
    for pair in struct.unpack_from("64s" * paired, hashes):
        node = NODE.copy()
        node.update(pair)
        above.append(node.digest())
    above.append(hashes[paired * 64 :])
    return b"".join(above)


def root_of(hashes: bytes) -> bytes:
    """Return the root over these hashes."""
    while len(hashes) >= 2 * HASH:
        hashes = nodes_above(hashes)
    return hashes or sha256(b"").digest()


def roots_of(hashes: bytes) -> bytes:
    """Return the roots of full tiles, joined in their order."""
    for _ in range(HEIGHT):
        hashes = nodes_above(hashes)
    return hashes


# Notes: keys, checkpoints, signatures.


class Key(NamedTuple):
    """A public key: NAME+ID+BASE64."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    def signed(self, text: str, signature: bytes) -> bool:
        """True if this key made a signature over a text."""
        try:
            from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
        except ImportError:
            raise Unchecked("This needs the Python package `cryptography`: pip install cryptography") from None
        if self.kind == WITNESS_KEY:
            text = f"cosignature/v1\ntime {int.from_bytes(signature[:8])}\n{text}"
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


def read_key(text: str) -> Key:
    """Return the key of a line NAME+ID+BASE64. Raises Unchecked if it is malformed, or the ID is not this key's."""
    found = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text.strip())
    if not found:
        raise Unchecked(f"{text.strip()[:80]!r} is no key: a key is written NAME+ID+BASE64.")
    try:
        material = base64.b64decode(found[3])
    except ValueError:
        material = b"\x00"
    key_id = sha256(found[1].encode() + b"\n" + material).digest()[:4]
    if key_id.hex() != found[2] or len(material) != 1 + HASH or material[0] not in {LOG_KEY, WITNESS_KEY}:
        raise Unchecked(f"The key {found[1]}+{found[2]} does not fit its own ID: it was copied wrongly.")
    return Key(found[1], key_id, material[0], material[1:])


class Checkpoint(NamedTuple):
    """Number and root of a log's entries, with signatures below."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: Sequence[tuple[str, bytes, bytes]]

    def must_be_signed(self, keys: Sequence[Key], what: str) -> None:
        """Raise Wrong unless one of these keys signed it, and no signature of theirs is false."""
        found = [
            key.signed(self.text, signature)
            for key in keys
            for name, key_id, signature in self.signatures
            if (name, key_id) == (key.name, key.key_id)
        ]
        if not found or not all(found):
            raise Wrong(f"{what} is not signed by the key {keys[0].name}+{keys[0].key_id.hex()}")


def read_checkpoint(note: str, what: str) -> Checkpoint:
    """Return the contents of a checkpoint. Raises Wrong if it is malformed."""
    text, _blank, below = note.rpartition("\n\n")
    text = text.rpartition("\n\n")[2]  # a receipt ends with its checkpoint
    try:
        origin, size, root = text.split("\n")[:3]
        signatures = []
        for line in below.splitlines():
            dash, name, encoded = line.split(" ")
            raw = base64.b64decode(encoded, validate=True)
            signatures.append((name if dash == "\u2014" else "", raw[:4], raw[4:]))
        found = Checkpoint(text + "\n", origin, int(size), base64.b64decode(root, validate=True), signatures)
    except ValueError:
        raise Wrong(f"{what} can't be read") from None
    if str(found.size) != size or found.size < 0 or len(found.root) != HASH:
        raise Wrong(f"{what} can't be read")
    return found


# Sources of a log.


class Source(NamedTuple):
    """A folder, a ZIP, or an address that begins with http:// or https://."""

    place: str

    @property
    def is_address(self) -> bool:
        """True if it is read over the network."""
        return self.place.startswith(("http://", "https://"))

    @property
    def is_choice(self) -> bool:
        """True for a ZIP of entries that an auditor chose."""
        return not self.is_address and self.place.endswith(".zip")

    def read(self, name: str) -> bytes:
        """Return a file. Raises Wrong if it is missing."""
        path = f"{self.place}/{name}" if name else self.place
        if self.is_address:
            return fetched(path)
        if self.is_choice and name:
            return member(self.place, name)
        try:
            return content_of(path)
        except OSError as error:
            raise Wrong(f"{name or path} can't be read: {error.strerror}") from None


def content_of(path: str) -> bytes:
    """Return a file's bytes. A log has thousands of files, and this is the shortest way into one."""
    file, parts = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), []
    try:
        wanted = os.fstat(file).st_size or LARGEST  # a pipe does not know
        while wanted and (part := os.read(file, wanted)):
            parts.append(part)
            wanted -= len(part)
    finally:
        os.close(file)
    return b"".join(parts)


def member(archive: str, name: str) -> bytes:
    """Return a file of a ZIP. Raises Wrong if it is missing or unreadable."""
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415 (most checks are of no ZIP)

    try:
        with ZipFile(archive) as opened:
            return opened.read(name)
    except KeyError:
        raise Wrong(f"{name} is not in {os.path.basename(archive)}") from None
    except (BadZipFile, OSError):
        raise Wrong(f"{os.path.basename(archive)} can't be read") from None


def fetched(address: str) -> bytes:
    """Return the answer of an address. Raises Wrong if nothing is there, Unchecked if it can't be reached."""
    import urllib.error  # noqa: PLC0415 (half of the time to start, and most checks need no network)
    import urllib.request  # noqa: PLC0415

    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 (begins with http)
            return bytes(answer.read(LARGEST + 1))
    except urllib.error.HTTPError as error:
        if error.code == 404:
            raise Wrong(f"{address} is not there") from None
        raise Unchecked(f"{address} answers {error.code}: {error.reason}.") from None
    except OSError as error:
        raise Unchecked(f"{address} can't be reached: {error}.") from None


def path_of(n: int, width: int) -> str:
    """Return the number of a tile as it is in its path: 1234067 is x001/x234/067."""
    groups = f"{n:,}".split(",")
    groups = [groups[0].zfill(3), *groups[1:]]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]]) + ("" if width == WIDTH else f".p/{width}")


# The tree.


def named(content: bytes, place: int) -> str:
    """Return the name of an entry or filler: its number in the log, as it says itself, and its place in the tree."""
    try:
        said = json.loads(content)
        what = "filler" if said.get("event") == FILLER else "entry"
        return f"the {what} {int(said['id'])} (place {place})"
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return f"the entry at place {place}"


def entries_in(content: bytes) -> Iterator[bytes]:
    """Yield the entries of a bundle."""
    place = 0
    while place < len(content):
        start = place + 2
        place = start + int.from_bytes(content[place:start])
        yield content[start:place]


def climb(source: Source, roots: bytes, rest: bytes, wrong: list[str]) -> bytes:
    """Compute the root of the tree from the roots of the lowest tiles, and compare each tile on the way."""
    level = 1
    while roots:
        above = []
        for start in range(0, len(roots), WIDTH * HASH):
            computed = roots[start : start + WIDTH * HASH]
            width = len(computed) // HASH
            path = f"tile/{level}/{path_of(start // (WIDTH * HASH), width)}"
            try:
                stored = source.read(path)
            except Wrong as missing:
                wrong.append(str(missing))
                stored = computed
            if len(stored) != len(computed):
                wrong.append(f"{path} has not {width} hashes")
                stored = computed
            wrong.extend(_differing(level, start // HASH, computed, stored))
            if width == WIDTH:
                above.append(root_of(stored))
            else:
                rest = root_of(stored + rest)
        roots, level = b"".join(above), level + 1
    return rest


def _differing(level: int, first: int, computed: bytes, stored: bytes) -> Iterator[str]:
    for place in range(0, len(stored), HASH):
        if stored[place : place + HASH] != computed[place : place + HASH]:
            span = WIDTH**level
            start = (first + place // HASH) * span
            yield f"one of the entries at the places {start} to {start + span - 1} is not the one that was sealed"


class Part:
    """Neighboring tiles of the tree: roots of the full ones, root of a last one that is not full, and errors found."""

    def __init__(self, source: Source, size: int) -> None:
        self.source, self.size = source, size
        self.roots = self.rest = b""
        self.wrong = list[str]()

    def checked(self, n: int, width: int) -> bytes:
        """Return the hashes of a tile, compared with its entries; zeros if it is missing or of another size."""
        path = path_of(n, width)
        try:
            hashes = self.source.read(f"tile/0/{path}")
            if len(hashes) != width * HASH:
                raise Wrong(f"tile/0/{path} does not hold {width} hashes")
        except Wrong as wrong:
            hashes = bytes(width * HASH)
            self.wrong.append(str(wrong))
        if not self.source.is_address:
            self._compare(n * WIDTH, hashes, f"tile/entries/{path}")
        return hashes

    def _compare(self, first: int, hashes: bytes, path: str) -> None:
        width = len(hashes) // HASH
        try:
            content = self.source.read(path)
            leaves = leaves_of(content, width)
        except Wrong as wrong:
            self.wrong.append(str(wrong))
            return
        except IndexError:
            self.wrong.append(f"{path} does not hold {width} entries")
            return
        if leaves == hashes:
            return
        self.wrong.extend(
            f"{named(entry, first + n)} is not the one that was sealed: its hash is another"
            for n, entry in enumerate(entries_in(content))
            if leaves[n * HASH : n * HASH + HASH] != hashes[n * HASH : n * HASH + HASH]
        )


def check_part(source: Source, size: int, start: int) -> Part:
    """Check the CHUNK tiles from `start` on."""
    part, full = Part(source, size), []
    for n in range(start, min(start + CHUNK, -(-size // WIDTH))):
        width = min(WIDTH, size - n * WIDTH)
        hashes = part.checked(n, width)
        if width == WIDTH:
            full.append(hashes)
        else:
            part.rest = root_of(hashes)
    part.roots = roots_of(b"".join(full))
    return part


def check_tree(source: Source, size: int, jobs: int, progress: Callable[[int, int], None]) -> Part:
    """Check the whole tree; its root is `rest`."""
    whole = Part(source, size)
    for part in parts_of(source, size, jobs, progress):
        whole.roots += part.roots
        whole.rest = part.rest
        whole.wrong += part.wrong
    whole.rest = climb(source, whole.roots, whole.rest, whole.wrong) if size else root_of(b"")
    progress(size, size)
    return whole


def parts_of(source: Source, size: int, jobs: int, progress: Callable[[int, int], None]) -> Iterable[Part]:
    """Check all parts by `jobs` processes, including this one; return the parts from the left."""
    starts = range(0, -(-size // WIDTH), CHUNK)
    jobs = max(1, min(jobs, len(starts)))
    others = [helper(source, size, starts[n::jobs]) for n in range(1, jobs)]
    own = []
    for start in starts[::jobs]:
        progress(start * WIDTH, size)
        own.append(check_part(source, size, start))
    shares = [own, *map(received, others)]
    return (part for part in chain.from_iterable(zip_longest(*shares)) if part)


def helper(source: Source, size: int, starts: Sequence[int]) -> "Connection[Any, Any]":
    """Start a process that checks parts; return the pipe for its results."""
    from multiprocessing import Pipe, Process  # noqa: PLC0415 (most checks are of one small part)

    receiver, sender = Pipe(duplex=False)
    Process(target=check_parts, args=(source, size, starts, sender), daemon=True).start()
    sender.close()
    return receiver


def check_parts(source: Source, size: int, starts: Sequence[int], sender: "Connection[Any, Any]") -> None:
    """Check parts; send them, or the reason why that is impossible."""
    try:
        sender.send(([check_part(source, size, start) for start in starts], ""))
    except Unchecked as reason:
        sender.send(([], str(reason)))


def received(receiver: "Connection[Any, Any]") -> Sequence[Part]:
    """Return the parts that another process checked. Raises Unchecked if it could not."""
    parts: Sequence[Part]
    try:
        parts, reason = receiver.recv()
    except (EOFError, OSError):
        reason = "A process that checked a part of the log was ended."
    if reason:
        raise Unchecked(reason)
    return parts


def root_at(source: Source, roots: bytes, old: int, size: int) -> bytes:
    """Return the root that the tree had at a smaller size."""
    full, rest = divmod(old, WIDTH)
    hashes = roots[: full * HASH]
    if rest:
        path = path_of(full, min(WIDTH, size - full * WIDTH))
        hashes += root_of(source.read(f"tile/0/{path}")[: rest * HASH])
    return root_of(hashes)


# Questions and verdicts.


class Question(NamedTuple):
    """The log to check, and the keys and checkpoints to check it with."""

    source: Source
    keys: Sequence[Key]
    witnesses: Sequence[Key]
    kept: Sequence[tuple[str, str]]  # name and text of earlier checkpoints that somebody kept
    jobs: int


def check_log(question: Question, progress: Callable[[int, int], None]) -> str:
    """Return the verdict on a whole log. Raises Wrong with everything that is wrong with it."""
    source = question.source
    head = read_checkpoint(source.read("checkpoint").decode(), "the checkpoint")
    head.must_be_signed(question.keys, "the checkpoint")
    kept = list(question.kept)
    witnessed = head
    if not source.is_address and os.path.isfile(f"{source.place}/published"):
        kept.append(("the published checkpoint", source.read("published").decode()))
        witnessed = read_checkpoint(kept[-1][1], kept[-1][0])
    for witness in question.witnesses:
        witnessed.must_be_signed([witness], f"the checkpoint of {witnessed.size} places")
    tree = check_tree(source, head.size, question.jobs, progress)
    wrong = tree.wrong
    if not wrong and tree.rest != head.root:
        wrong.append(f"the {head.size} places do not have the root that was signed")
    for name, note in kept:
        try:
            must_continue(question, tree.roots, head, read_checkpoint(note, name), name)
        except Wrong as error:
            wrong.append(str(error))
    if wrong:
        raise Wrong(*wrong)
    what = "hashes that it publishes" if source.is_address else "places"
    beside = f", and it continues {' and '.join(name for name, _note in kept)}" if kept else ""
    return f"The log {head.origin} is whole: its {head.size:,} {what} have the root that its key signed{beside}."


def must_continue(question: Question, roots: bytes, head: Checkpoint, old: Checkpoint, name: str) -> None:
    """Raise Wrong unless the log holds all that an older checkpoint signed, unchanged and in order."""
    old.must_be_signed(question.keys, name)
    if old.size > head.size:
        raise Wrong(f"the log was rolled back: {name} has {old.size} places, and the log only {head.size}")
    if root_at(question.source, roots, old.size, head.size) != old.root:
        raise Wrong(f"the log does not continue {name}: its first {old.size} places are not those that were signed")


def check_choice(question: Question) -> str:
    """Return the verdict on entries that an auditor chose. Raises Wrong with those that are not in the log."""
    if question.kept:
        raise Unchecked("A choice of entries holds too little of the tree for --kept.")
    source, wrong = question.source, list[str]()
    head = read_checkpoint(source.read("checkpoint").decode(), "the checkpoint")
    head.must_be_signed(question.keys, "the checkpoint")
    for witness in question.witnesses:
        head.must_be_signed([witness], "the checkpoint")
    full, rest = divmod(head.size, WIDTH)
    widths = [min(WIDTH, full - start) for start in range(0, full, WIDTH)]
    roots = b"".join(source.read(f"tile/1/{path_of(n, width)}") for n, width in enumerate(widths))
    edge = root_of(source.read(f"tile/0/{path_of(full, rest)}")) if rest else b""
    if climb(source, roots, edge, wrong) != head.root:
        wrong.append("the tiles do not lead to the root that was signed")
    lines = source.read("entries.jsonl").split(b"\n")[:-1]
    rows = source.read("places.csv").decode().splitlines()[1:]
    try:
        places = [int(place) for place in (row.partition(",")[2] for row in rows) if place]
    except ValueError:
        raise Wrong("the places of the entries can't be read") from None
    if len(places) != len(lines):
        wrong.append(f"there are {len(lines)} entries, and {len(places)} places")
    wrong += misplaced(source, head.size, roots + edge, zip(lines, places, strict=False))
    if wrong:
        raise Wrong(*wrong)
    return (
        f"All {len(lines):,} entries are in the log {head.origin}, as its key signed them among {head.size:,} places."
    )


def misplaced(source: Source, size: int, roots: bytes, entries: Iterable[tuple[bytes, int]]) -> Iterator[str]:
    """Yield an error for each entry that is not at its place in the tiles with these roots."""
    read, tile = -1, b""
    for entry, place in entries:
        n, within = divmod(place, WIDTH)
        if not 0 <= place < size:
            yield f"{named(entry, place)} is beyond the tree that was signed"
            continue
        if n != read:
            read, tile = n, source.read(f"tile/0/{path_of(n, min(WIDTH, size - n * WIDTH))}")
            if root_of(tile) != roots[n * HASH : n * HASH + HASH]:
                yield f"the tile {n} of leaves is not the one that was sealed"
        if sha256(b"\x00" + entry).digest() != tile[within * HASH : within * HASH + HASH]:
            yield f"{named(entry, place)} is not the one that was sealed: its hash is another"


def check_receipt(question: Question, entry: bytes | None) -> str:
    """Return the verdict on a receipt. Raises Wrong if it proves nothing."""
    text = question.source.read("").decode()
    proof, _blank, note = text.partition("\n\n")
    lines = proof.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise Wrong("this is no receipt: a receipt begins with c2sp.org/tlog-proof@v1")
    try:
        if lines[1].startswith("extra "):
            inside = base64.b64decode(lines.pop(1)[6:], validate=True)
            if entry is not None and entry != inside:
                raise Wrong("the entry given is not the one inside the receipt")
            entry = inside
        index = int(lines[1].removeprefix("index "))
        hashes = [base64.b64decode(line, validate=True) for line in lines[2:]]
    except (ValueError, IndexError):
        raise Wrong("the receipt can't be read") from None
    if entry is None:
        raise Unchecked("The receipt does not hold its entry: give it with --entry FILE.")
    head = read_checkpoint(note, "the checkpoint in the receipt")
    head.must_be_signed(question.keys, "the checkpoint in the receipt")
    for witness in question.witnesses:
        head.must_be_signed([witness], "the checkpoint in the receipt")
    if proven_root(entry, index, head.size, hashes) != head.root:
        raise Wrong(f"{named(entry, index)} is not in the log {head.origin}: its hashes lead to another root")
    say(entry.decode(errors="replace"))
    name = named(entry, index)
    return f"{name[0].upper()}{name[1:]} is in the log {head.origin}, as its key signed it among {head.size:,} places."


def proven_root(entry: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """Return the root that an entry's proof leads to (RFC 9162, 2.1.3.2), b"" if it leads to none."""
    if not 0 <= index < size:
        return b""
    root, place, last = sha256(b"\x00" + entry).digest(), index, size - 1
    for beside in hashes:
        if last == 0:
            return b""
        if place & 1 or place == last:
            root = sha256(b"\x01" + beside + root).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = sha256(b"\x01" + root + beside).digest()
        place, last = place >> 1, last >> 1
    return root if last == 0 else b""


# The command.


def check_all(question: Question) -> str:
    """Return the verdict on a log, or on entries chosen from one."""
    return check_choice(question) if question.source.is_choice else check_log(question, show)


def say(text: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{text}\n")


def show(done: int, total: int) -> None:
    """Show the progress, on a terminal."""
    if sys.stderr.isatty():
        percent = 100 * done // total if total else 100
        bar = "#" * (percent * 30 // 100)
        sys.stderr.write(f"\r\x1b[K[{bar:.<30}] {percent:3} %" if done < total else "\r\x1b[K")
        sys.stderr.flush()


def arguments() -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(
        description="Checks that nothing in a log was changed, taken out or put in since it was signed.",
        epilog="The last line says the result in one sentence. Exit code: 0 it is whole, 1 it is not, 2 it can't be "
        "checked. Signatures need the package `cryptography` (pip install cryptography).",
    )
    parser.add_argument(
        "what",
        help="the folder of an export, an address (https://.../ledger), a .tlog-proof file, or a .zip of entries",
    )
    key = (
        "the log's key, from somebody you trust: the line itself, a file, or an address. Without it the key that is "
        "beside the log is used, which shows only that the log agrees with itself"
    )
    parser.add_argument("--key", metavar="KEY", help=key)
    kept = "a checkpoint or receipt that you kept from earlier: the log must still hold all that it signed"
    parser.add_argument("--kept", metavar="FILE", action="append", default=[], help=kept)
    witness = "the key of a witness that must have signed the log's checkpoint too"
    parser.add_argument("--witness", metavar="KEY", action="append", default=[], help=witness)
    parser.add_argument("--entry", metavar="FILE", help="the entry of a receipt, where the receipt does not hold it")
    parser.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count() or 1, help="how many processes work")
    return parser.parse_args()


def keys_of(given: str | None, source: Source, *, receipt: bool) -> Sequence[Key]:
    """Return the log's keys: those given, or those beside the log. Raises Unchecked without a key."""
    if given is None:
        if receipt:
            raise Unchecked("A receipt is checked with the log's key: give it with --key.")
        say("No --key was given: the key that is beside the log is used, so compare it with one from elsewhere:")
        lines = source.read("key").decode()
        say(lines.rstrip("\n"))
    elif given.startswith(("http://", "https://")) or os.path.isfile(given):
        lines = Source(given).read("").decode()
    else:
        lines = given
    keys = [read_key(line) for line in lines.splitlines() if line.strip()]
    if not keys:
        raise Unchecked("There is no key.")
    return keys


def main() -> int:
    """Run the check; return the exit code."""
    gc.disable()  # no object here refers to itself, and a search for such objects takes a hundredth of the time
    asked = arguments()
    source = Source(asked.what.rstrip("/"))
    try:
        if not source.is_address and not os.path.exists(source.place):
            raise Unchecked(f"There is no file or folder {source.place}.")
        receipt = not source.is_address and not source.is_choice and os.path.isfile(source.place)
        question = Question(
            source,
            keys_of(asked.key, source, receipt=receipt),
            [read_key(text) for text in asked.witness],
            [(file, Source(file).read("").decode()) for file in asked.kept],
            max(1, asked.jobs),
        )
        entry = Source(asked.entry).read("") if asked.entry else None
        verdict = check_receipt(question, entry) if receipt else check_all(question)
    except Wrong as wrong:
        for sentence in wrong.args[:MOST_SHOWN]:
            say(f"- {sentence}.")
        more = f", and {len(wrong.args) - 1} more" if len(wrong.args) > 1 else ""
        say(f"NOT PROVED: {wrong.args[0]}{more}.")
        return BROKEN
    except (Unchecked, UnicodeDecodeError) as error:
        say(f"COULD NOT BE CHECKED: {error}")
        return UNCHECKED
    say(verdict)
    return WHOLE


if __name__ == "__main__":
    sys.exit(main())
