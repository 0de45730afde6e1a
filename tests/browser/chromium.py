"""The browser itself: the system's Chromium without a screen where there is one, else Playwright's own.

The headless shell is the same engine without the program around it: a window of its own costs a sixth.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


SLEEPS = {"FAKETIME_FORCE_MONOTONIC_FIX": "0"}
"""Under libfaketime (tests/days) its threads would never sleep, since deadlines of monotonic waits are moved."""


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Run a headless Chromium.

    Playwright's loop runs in this thread, so Django would refuse the database here; nothing in it is asynchronous.
    While it runs Django keeps other connections: one left open, outside or in it, would be ended unseen.
    """
    known = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = shutil.which("chromium-headless-shell")
    connections.close_all()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, env={**os.environ, **SLEEPS})
            try:
                yield browser
            finally:
                connections.close_all()
                browser.close()
    finally:
        if known is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = known
