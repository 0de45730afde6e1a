"""Write access to the directory of uploads. Web and worker check it when they start; `check --deploy` reports it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from fusus_portal.ground.env import Misconfigured

NAME = "UPLOADS_ROOT"
HINT = "Make the directory, on an encrypted disk, and give it to the account that web and worker run as."


def must_be_writable() -> None:
    """Raise Misconfigured if uploads can't be written. Without UPLOADS_ROOT (development, tests) nothing is checked."""
    for place in _places():
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            raise Misconfigured(NAME, f"is unusable: {place} can't be written ({error.strerror})", HINT) from error


@register(Tags.files, deploy=True)
def uploads(app_configs: Any = None, **named: Any) -> list[CheckMessage]:
    try:
        must_be_writable()
    except Misconfigured as wrong:
        return [Error(str(wrong).removesuffix(f" {HINT}"), hint=HINT, id="portal.E001")]
    return []


def _places() -> Iterator[Path]:
    root: Path | None = settings.UPLOADS_ROOT
    if root is None:
        return
    yield root
    for made in settings.STORAGES.values():
        place = Path(made.get("OPTIONS", {}).get("location", root))
        if place != root and place.is_dir():
            yield place
