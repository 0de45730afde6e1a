"""`python -m fusus_portal.demo.reset` deletes the demo's database, files and mail, since its log can't be emptied."""

import shutil
import sys
from pathlib import Path

from fusus_portal.demo import child_processes
from fusus_portal.demo.servers import places, servers

CHECKOUT = Path(__file__).resolve().parents[2]


def main() -> int:
    where = places.development(CHECKOUT)
    child_processes.end_processes(where.base / "processes.json")
    servers.start_for_development(CHECKOUT).stop()
    for path in (where.base, places.outside(CHECKOUT), where.postgres_sockets, where.valkey_sockets):
        shutil.rmtree(path, ignore_errors=True)
    sys.stdout.write("The demo database is gone; `make run` makes a new one.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
