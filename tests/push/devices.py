"""Sign-ins whose browser shows notices."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import Client, override_settings

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.push import makers, services
from fusus_portal.ground.push.models import PushSubscription
from tests.peers.push import Device, PushPeer, push_service
from tests.people import sign_in


@contextmanager
def maker() -> Iterator[PushPeer]:
    """Run a browser maker's server, which the portal takes for one of the list."""
    with push_service() as peer, override_settings(PUSH_TEST_PEER=peer.url):
        yield peer


def key_of(client: Client) -> str:
    """Return the session key of a browser."""
    key = client.session.session_key
    assert key is not None
    return key


def turned_on(account: User, peer: PushPeer) -> tuple[Client, Device]:
    """Return a browser where somebody signed in and turned notices on, and the device that it is."""
    client, device = sign_in(account), peer.device(makers.public_key())
    services.turn_on_notices(session=key_of(client), by=account, **device.said)
    return client, device


def is_on(device: Device) -> bool:
    """Return whether the portal would send notices to a device."""
    return PushSubscription.objects.filter(endpoint=device.endpoint).exists()
