"""A plugin of pytest that collects all tests once, and runs the chosen ones of each mutant in a child of its own.

Starting Python, Django and pytest takes longer than most mutants do. Orders come over a socket: those of plugin.py,
and `folder`, where the outcome is written. The answer is the exit code: 0, -1 for a child that stood still, or None for
a mutant that this process can't take, since what it changes has run.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from itertools import zip_longest
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver
from pytest_django.plugin import blocking_manager_key

from tests.mutants.orders import ORDERS, OUTCOME, STALLED_SECONDS, STOOD_STILL
from tests.mutants.plugin import Finder, Run
from tests.mutants.swap import CannotSwap, swap

NOT_TAKEN, FAILED = 3, 4
NAP = 0.02


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Serve orders until there are no more."""
    prepare(session.config)
    with Connection(int(os.environ[ORDERS])) as orders, suppress(EOFError):
        while True:
            orders.send(serve(session, orders.recv()))
    return True


def prepare(config: pytest.Config) -> None:
    """Do once what each child would do."""
    from tests.conftest import database_server  # noqa: PLC0415  (Django is not there yet where plugins are imported)
    from tests.database import template  # noqa: PLC0415

    assert get_resolver().url_patterns
    with config.stash[blocking_manager_key].unblock():
        template.template(database_server(config))


def serve(session: pytest.Session, order: dict[str, Any]) -> int | None:
    """Run one mutant in a child, and wait for it."""
    pid = os.fork()
    if not pid:
        code = FAILED
        try:
            code = child(session, order)
        finally:
            os._exit(code)  # what the parent has open is its own
    outcome = Path(order["folder"]) / OUTCOME
    begun, longest = time.time(), max(order["limits"].values()) + STALLED_SECONDS
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return None if code == NOT_TAKEN else code
        last = outcome.stat().st_mtime if outcome.exists() else begun
        if time.time() - last > longest:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return STOOD_STILL
        time.sleep(NAP)


def child(session: pytest.Session, order: dict[str, Any]) -> int:
    """Put the mutant in its place, and run tests until one fails."""
    os.setsid()
    try:
        run = Run(order, Path(order["folder"]), put(order))
    except CannotSwap:
        return NOT_TAKEN
    session.config.pluginmanager.register(run)
    items = run.chosen(session.items)
    for item, following in zip_longest(items, items[1:]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if run.noticed_by and order["source"]:
            break
    session._setupstate.teardown_exact(None)
    run.write()
    return 0


def put(order: dict[str, Any]) -> Finder | None:
    """Change the functions of a module that is here; let one that is not be imported with the change."""
    if not order["source"]:
        return None
    finder = Finder(order["module"], order["path"], order["source"])
    if finder.name in sys.modules:
        swap(order["path"], Path(order["path"]).read_text(encoding="utf-8"), order["source"])
        return None
    sys.meta_path.insert(0, finder)
    return finder
