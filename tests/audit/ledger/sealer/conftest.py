"""Sealers as processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.sealers import Sealers
from tests.sealed_log import SealedLog


@pytest.fixture
def sealers(sealed_log: SealedLog, tmp_path: Path) -> Iterator[Sealers]:
    """Start sealers of this test's database."""
    clone = sealed_log.clone
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.peers.sealer_settings",
        "DATABASE_URL": clone.address("portal_app"),
        "SEALER_DATABASE_URL": clone.address("portal_sealer"),
        "LEDGER_KEY": sealed_log.signer.text(),
        "LEDGER_HEAD_FILE": str(tmp_path / "ledger.head"),
        "REDIS_URL": "redis://localhost/0",
        "PORTAL_FILES": str(tmp_path),
    }
    made = Sealers(environment, tmp_path / "sealers.log")
    yield made
    made.close()
