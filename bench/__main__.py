"""Run the benchmarks named, or all, and write what they found to docs/performance.md."""

import os
import platform
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from django.conf import settings
from redis import Redis

from bench import page
from bench.portal import running
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.settings.base import BASE_DIR

BENCHMARKS = (
    "county.within",
    "county.search",
    "county.canvass",
    "county.imports",
    "county.streets",
    "county.addresses",
    "pages.public",
    "pages.console",
    "pages.canvass",
    "ledger.append",
    "ledger.proof",
    "ledger.verify",
    "ledger.check",
    "ledger.search",
    "live.polls",
    "live.gate",
    "live.viewers",
    "live.behind",
    "live.tiles",
    "live.revoked",
    "live.relays",
    "shop.pages",
    "oversight.flags",
)
"""Modules of this package, in the order of the page: each a `SECTION`, and a `main` that returns what it found."""

PAGE = BASE_DIR / "docs" / "performance.md"


def main(names: list[str]) -> int:
    """Run benchmarks by name; return 0 when all reach their bars, 1 when one does not, 2 for an unknown name."""
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
        return 2
    with running() as server:
        return measure(names[0], server) if len(names) == 1 else page.each(names or BENCHMARKS, alone)


def alone(name: str) -> int:
    """Run one benchmark in a process of its own: nothing that others left is in its memory."""
    return subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode


def measure(name: str, server: Postgres) -> int:
    """Run one benchmark here, and write its section."""
    before = conditions(server)
    benchmark = import_module(f"bench.{name}")
    found: page.Found = benchmark.main(server)
    return page.write(benchmark.SECTION, found, PAGE, name=name, order=BENCHMARKS, conditions=before)


def conditions(server: Postgres) -> str:
    """Return when and on what a benchmark runs, and how many other processes want the processor."""
    with server.connect() as database:
        version = database.info.parameter_status("server_version")
    with Redis.from_url(settings.REDIS_URL) as valkey:
        queue = valkey.info("server")["valkey_version"]
    return (
        f"Measured on {page.today()}: {os.cpu_count()} cores of {processor()}, a load of {os.getloadavg()[0]:.1f} "
        f"before; Python {platform.python_version()}, PostgreSQL {version}, Valkey {queue}."
    )


def processor() -> str:
    """Return the name of the processor, of its kind where the system says no more."""
    told = Path("/proc/cpuinfo")
    text = told.read_text(encoding="utf-8") if told.exists() else ""
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
