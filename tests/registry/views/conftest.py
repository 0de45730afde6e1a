"""A registered resident with one camera."""

import pytest

from fusus_portal.accounts.models import User
from registry.models import Camera, Registrant
from tests.factories import registrant_at


@pytest.fixture
def registrant(resident: User) -> Registrant:
    """Return the resident's registration."""
    return registrant_at(user=resident)


@pytest.fixture
def camera(registrant: Registrant) -> Camera:
    """Return its only camera."""
    return Camera.objects.get(premises__registrant=registrant)
