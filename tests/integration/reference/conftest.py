"""One camera for the tests of a process; each test leaves it as it found it."""

from collections.abc import Iterator

import pytest

from integration.reference.onvif import Address, Login, OnvifCamera
from tests.peers.cameras import PASSWORD, USER, RealCamera, real_camera


@pytest.fixture(scope="session")
def one_camera() -> Iterator[RealCamera]:
    """Run a camera."""
    with real_camera() as camera:
        yield camera


@pytest.fixture
def camera(one_camera: RealCamera) -> Iterator[RealCamera]:
    """Return a camera that works."""
    yield one_camera
    one_camera.restore()


@pytest.fixture
def address(camera: RealCamera) -> Address:
    """Return where it is asked."""
    return Address("127.0.0.1", camera.onvif.port)


@pytest.fixture
def asked(address: Address) -> OnvifCamera:
    """Return it as a CORE asks it."""
    return OnvifCamera(address, Login(USER, PASSWORD))
