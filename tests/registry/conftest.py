"""A dispatch system, and what an act does after its commit, as fixtures."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.cache import cache

from tests.registry.dispatching import Sender

Committed = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def sender(db: None) -> Sender:
    """Return a dispatch system whose key counts, and which has not delivered yet in this minute."""
    cache.clear()
    return Sender()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Committed) -> Committed:
    """Run what an act does after its commit."""
    return django_capture_on_commit_callbacks
