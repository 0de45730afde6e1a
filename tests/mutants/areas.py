"""Where mutants are drawn: the modules that decide and write."""

import os

from tests.repo.sources import ROOT, python_files

APPS = ("audit", "fusus_portal/ground", "integration", "registry", "shop")


def modules(area: str = "") -> list[str]:
    """Return the modules below an area (`shop`, `integration/live`, one file), "" for all, by path from the root.

    Migrations are none of them: they ran, and are never changed.
    """
    paths = (file.relative_to(ROOT).as_posix() for file in python_files(*APPS))
    below = area.rstrip("/")
    return [path for path in paths if not below or f"{path}/".startswith(f"{below}/")]


def read(path: str) -> str:
    """Return the text of a file by its path from the root."""
    return (ROOT / path).read_text(encoding="utf-8")


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a run of pytest: who imports the portal has named production settings in its own."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "fusus_portal.settings.test", **more}
