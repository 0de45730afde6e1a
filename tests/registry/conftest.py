"""A dispatch system as a fixture."""

import pytest
from django.core.cache import cache

from tests.registry.dispatching import Sender


@pytest.fixture
def sender(db: None) -> Sender:
    """Return a dispatch system whose key counts, and which has not delivered yet in this minute."""
    cache.clear()
    return Sender()
