"""A small program in Go that checks what the ledger hands out with Go's own libraries. Built once for each source."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
SOURCE = Path(__file__).with_name("ledger.go")
LIBRARIES = Path("/usr/share/gocode")
"""Where Debian keeps the libraries (packages-test.txt), so nothing is fetched."""


def build() -> Path:
    """Return the program, built unless it is there already. The first build takes some ten seconds."""
    go = shutil.which("go")
    if go is None or not LIBRARIES.is_dir():
        raise RuntimeError("Go or its libraries are missing: make packages-test installs them.")
    kept = CHECKOUT / "build" / "go"
    program = kept / f"ledger-{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]}"
    if not program.exists():
        kept.mkdir(parents=True, exist_ok=True)
        unfinished = program.with_suffix(f".{os.getpid()}")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(kept),
            "GO111MODULE": "off",
            "GOPATH": str(LIBRARIES),
            "GOCACHE": str(kept / "cache"),
            "CGO_ENABLED": "0",
        }
        subprocess.run([go, "build", "-o", str(unfinished), str(SOURCE)], check=True, env=environment)
        unfinished.replace(program)
    return program


@pytest.fixture(scope="session")
def go_ledger() -> Path:
    """Return the Go program."""
    return build()
