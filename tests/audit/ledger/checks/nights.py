"""The nightly check of the whole log, piece by piece."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from audit.ledger import tasks
from audit.ledger.checks import rows, runs
from audit.ledger.checks.tree import Reached
from audit.ledger.models import SelfCheck


def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each call of the nightly check do one small piece."""
    monkeypatch.setattr(runs, "BUNDLES_OF_PIECE", 1)
    monkeypatch.setattr(runs, "PAGES_OF_PIECE", 1)
    monkeypatch.setattr(rows, "PAGE", 512)
    monkeypatch.setattr(rows, "CAMERAS", 2)
    monkeypatch.setattr(runs, "SECONDS", -1.0)


def night_after(days: int = 1) -> datetime:
    """Return a moment after the next night began, or a later one."""
    return datetime.combine(timezone.now().date(), runs.NIGHT) + timedelta(days=days, minutes=5)


def whole_check() -> SelfCheck:
    """Return the newest check of the whole log."""
    return SelfCheck.objects.filter(is_whole=True).latest("pk")


def reached() -> Reached:
    """Return where it came."""
    found = Reached.read(whole_check().reached)
    assert found is not None
    return found


def to_the_end() -> None:
    """Call the nightly check until it is done."""
    while whole_check().ended_at is None:
        tasks.check_whole_ledger()
