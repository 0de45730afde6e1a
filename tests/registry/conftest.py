"""Fixtures: a dispatch system, what an act does after its commit, and a resident with one camera."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.cache import cache

from fusus_portal.ground.accounts.models import User
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.factories import registrant_at
from tests.registry.incidents.dispatching import Sender

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


@pytest.fixture
def registrant(resident: User) -> Registrant:
    """Return the resident's registration."""
    return registrant_at(user=resident)


@pytest.fixture
def camera(registrant: Registrant) -> Camera:
    """Return its only camera."""
    return Camera.objects.get(premises__registrant=registrant)
