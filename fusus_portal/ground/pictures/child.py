"""The decoder's process, started anew for each picture, so that no thread of ours is forked."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any

from django.core.files.base import File

DECODER = Path(__file__).with_name("decoder.py")
WALL_SECONDS = 30
"""Wall time for 10 seconds of processor time (decoder.CPU_SECONDS) on a busy machine."""

WORK = {"refused": "work"}


def decode(upload: File[bytes], *, sides: list[int], into: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return the decoder's answer (decoder.py) and the picture in each size. A process that fails refuses it."""
    work = json.dumps({"sides": sides, "format": into})
    with _memory() as sent, _memory() as made:
        upload.seek(0)
        copyfileobj(upload, sent)
        sent.seek(0)
        try:
            subprocess.run(
                [sys.executable, "-I", DECODER, work],
                stdin=sent,
                stdout=made,
                stderr=subprocess.DEVNULL,
                env={},  # ours holds the portal's keys
                check=True,
                timeout=WALL_SECONDS,
            )
        except subprocess.SubprocessError:
            return WORK, []
        made.seek(0)
        return _said(made, len(sides))


def _said(made: IO[bytes], pictures: int) -> tuple[dict[str, Any], list[bytes]]:
    """Parse the output, which may be garbage: the file may have taken the process over."""
    try:
        answer = json.loads(made.readline())
        found = [made.read(length) for length in answer.get("lengths", [])]
    except (ValueError, TypeError, AttributeError):
        return WORK, []
    return (answer, found) if answer.get("refused") or len(found) == pictures else (WORK, [])


@contextmanager
def _memory() -> Iterator[IO[bytes]]:
    """A file in memory only."""
    with os.fdopen(os.memfd_create("picture"), "w+b") as file:
        yield file
