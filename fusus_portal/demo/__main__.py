"""`python -m fusus_portal.demo`: from nothing to a running portal; Ctrl-C stops it."""

import fcntl
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from types import FrameType
from typing import NoReturn

import honcho.manager
from honcho.manager import Manager

from fusus_portal.demo import child_processes
from fusus_portal.demo.payments import engine
from fusus_portal.demo.servers import addresses, places, postgres, servers
from fusus_portal.settings.tasks import QUEUES

CHECKOUT = Path(__file__).resolve().parents[2]
LOCAL = CHECKOUT / ".local"
PROCESSES = LOCAL / "processes.json"
PORT = os.environ.get("PORT", "8000")
ADDRESS = f"http://localhost:{PORT}"
RELAY_PORT = os.environ.get("RELAY_PORT", str(int(PORT) + 100))
RELAY = f"http://localhost:{RELAY_PORT}"
RECEIVER_PORT = str(int(RELAY_PORT) + 1)
RECEIVER = f"http://localhost:{RECEIVER_PORT}"
"""Address of the relay for COREs. In production a proxy tells COREs from viewers."""

WEBHOOK = f"http://127.0.0.1:{PORT}/payments/webhook/"
PYTHON = f'exec "{sys.executable}" -W ignore:::celery.platforms -m'  # Celery warns if root runs the worker
SERVING = "--config python:fusus_portal.ground.serving.gunicorn --graceful-timeout 10"
WORKER = "celery --quiet -A fusus_portal worker --concurrency 1 --loglevel warning"
COMMANDS = {
    "web": f"{PYTHON} gunicorn {SERVING} fusus_portal.wsgi --bind 127.0.0.1:{PORT} --log-level warning",
    **{queue: f"{PYTHON} {WORKER} --queues {queue} --hostname {queue}@%h" for queue in QUEUES},
    "beat": f"{PYTHON} celery --quiet -A fusus_portal beat --loglevel warning",
    "relay": f'exec "{sys.executable}" manage.py run_relay --bind 127.0.0.1:{RELAY_PORT} '
    f"--devices 127.0.0.1:{RECEIVER_PORT}",
}
SEALER = f'exec "{sys.executable}" manage.py ledger seal'
"""Command of the sealer, the only process that holds the log's key and signs in to the database as `portal_sealer`."""

SECONDS_TO_SERVE = 60
SECONDS_TO_STOP = 60
"""All processes end together, and each needs a second of processor time to end: honcho's own five are too few."""


def main() -> int:
    signal.signal(signal.SIGTERM, stop_now)
    places.make_directory(LOCAL, places.OTHERS_PASS)
    with (LOCAL / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("The portal of this checkout runs already.")
            return 1
        return run()


def run() -> int:
    if left := child_processes.end_processes(PROCESSES):
        say(f"Stopped {left} processes that an earlier run had left.")
    say("Starting PostgreSQL, Valkey and the payment peer ...")
    started = servers.start_for_development(CHECKOUT)
    peer = None
    try:
        peer = engine.start_peer(WEBHOOK)
        relay = {"LIVE_RELAYS": RELAY, "LIVE_RECEIVERS": RECEIVER}
        addresses.note(started, LOCAL, site=ADDRESS, others={**relay, **(peer.variables if peer else {})})
        if started.postgres is not None or "SUPERUSER_DATABASE_URL" in os.environ:
            say("Database roles and guard ...")
            manage("bootstrapdb")
        if started.postgres is not None or "MIGRATOR_DATABASE_URL" in os.environ:
            say("Migrations ...")
            migrate(started)
        say("Demo data ...")
        return serve(manage("demo"), [peer.process.pid] if peer else [])
    except subprocess.CalledProcessError as error:
        say(f"`manage.py {error.cmd[2]}` failed; see above.")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        say("Stopping PostgreSQL, Valkey and the payment peer ...")
        if peer is not None:
            peer.stop()
        started.leave()


def migrate(started: servers.Servers) -> None:
    """Apply migrations. If `make run` started the database, the tables of the log are unsealed meanwhile."""
    own = started.postgres
    with nullcontext() if own is None else postgres.open_for_migration(own, addresses.DATABASE):
        manage("migrate", "--verbosity", "0")


def serve(sign_ins: str, beside: list[int]) -> int:
    """Run all processes until one ends or a signal comes. beside: ids of processes that run already, to end too."""
    say("Starting web, workers, beat, relay, sealer and a CORE ...")
    honcho.manager.KILL_WAIT = SECONDS_TO_STOP
    manager = Manager()
    environment = addresses.of_processes()
    for name, command in COMMANDS.items():
        manager.add_process(name, command, quiet=False, env=environment, cwd=str(CHECKOUT))
    if addresses.can_seal(LOCAL):
        manager.add_process("sealer", SEALER, quiet=False, env=addresses.of_sealer(), cwd=str(CHECKOUT))
    if core := child_processes.core_command(LOCAL, server=ADDRESS):
        manager.add_process("core", core, quiet=False, env=environment, cwd=str(CHECKOUT))
    threading.Thread(target=announce, args=(manager, sign_ins, beside), daemon=True).start()
    manager.loop()
    child_processes.end_processes(PROCESSES)
    # Ctrl-C is the way to stop: it is no failure.
    return 0 if manager.returncode in {None, 0, -signal.SIGINT, -signal.SIGTERM, 128 + signal.SIGINT} else 1


def announce(manager: Manager, sign_ins: str, beside: list[int]) -> None:
    deadline = time.monotonic() + SECONDS_TO_SERVE
    while time.monotonic() < deadline:
        remember(manager, beside)
        if answers():
            say(f"\n{sign_ins}\nThe portal is at {ADDRESS}   (Ctrl-C stops everything)\n")
            return
        time.sleep(0.2)
    say(f"The portal does not answer at {ADDRESS}; see the lines above.")


def remember(manager: Manager, beside: list[int]) -> None:
    # Honcho has no public list of their numbers.
    processes = manager._processes.values()  # noqa: SLF001
    child_processes.remember_processes(
        PROCESSES, [*beside, *(process["pid"] for process in processes if process.get("pid"))]
    )


def answers() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", int(PORT), timeout=2)
    try:
        connection.request("GET", "/health/live")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def manage(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": addresses.SETTINGS},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def stop_now(number: int, frame: FrameType | None) -> NoReturn:
    """Handle SIGTERM like Ctrl-C, so that the servers are stopped."""
    raise KeyboardInterrupt


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
