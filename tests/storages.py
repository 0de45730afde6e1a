"""Where tests and benchmarks keep files."""

from pathlib import Path

from django.conf import settings

from fusus_portal.settings.base import storages


def point_storages_at(root: Path) -> None:
    """Let each storage keep its files below a directory."""
    for name, made in storages(root, "").items():
        if "OPTIONS" in made:
            settings.STORAGES[name]["OPTIONS"] = made["OPTIONS"]
