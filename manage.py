#!/usr/bin/env python3
"""Commands of the portal, in the settings of production, or of development in a checkout after `make run`."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

DEMO = Path(__file__).resolve().parent / ".local" / "environment"
PRODUCTION_ONLY = ("UPLOADS_ROOT", "EMAIL_URL")
"""Variables that production needs and development never reads."""

UNKNOWN = """manage.py does not know whether this is production or development.
Production: set what docs/operations.md names, and DJANGO_SETTINGS_MODULE=fusus_portal.settings.production.
Development: run `make run` once in this checkout."""


def settings_of_this_place() -> str:
    """Return the settings to use if none are named. Raises SystemExit rather than guess."""
    if any(name in os.environ for name in PRODUCTION_ONLY):
        return "fusus_portal.settings.production"
    if DEMO.exists():
        return "fusus_portal.settings.dev"
    raise SystemExit(UNKNOWN)


if __name__ == "__main__":
    if "DJANGO_SETTINGS_MODULE" not in os.environ and not any(word.startswith("--settings") for word in sys.argv):
        os.environ["DJANGO_SETTINGS_MODULE"] = settings_of_this_place()
    execute_from_command_line(sys.argv)
