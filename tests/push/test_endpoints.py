"""Notices go to the browser makers' servers and nowhere else: not inside, not by another port, not by a trick."""

import socket

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.push import makers, policies, services
from fusus_portal.ground.push.models import PushSubscription
from tests.peers.push import Device
from tests.people import sign_in
from tests.push.devices import key_of

KNOWN = [
    "https://fcm.googleapis.com/fcm/send/abc:APA91b-_def",
    "https://fcm.googleapis.com/wp/abc",
    "https://fcm.googleapis.com:443/wp/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://web.push.apple.com/QOuV",
    "https://wns2-bn3p.notify.windows.com/w/?token=BQYAAA%3d%3d",
]
REFUSED = [
    "",
    "https://",
    "http://fcm.googleapis.com/wp/abc",
    "https://fcm.googleapis.com:8443/wp/abc",
    "https://fcm.googleapis.com:0443/wp/abc",
    "https://user:password@fcm.googleapis.com/wp/abc",
    "https://fcm.googleapis.com@10.0.0.1/wp/abc",
    "https://10.0.0.1\\@fcm.googleapis.com/wp/abc",
    "https://10.0.0.1#@fcm.googleapis.com/wp/abc",
    "https://fcm.googleapis.com/wp/abc#part",
    "https://fcm.googleapis.com",
    "https://fcm.googleapis.com.evil.example/wp/abc",
    "https://evilfcm.googleapis.com/wp/abc",
    "https://evil.fcm.googleapis.com/wp/abc",
    "https://push.apple.com/abc",
    "https://evilpush.apple.com/abc",
    "https://127.0.0.1/abc",
    "https://[::1]/abc",
    "https://localhost/abc",
    "https://169.254.169.254/latest/meta-data/",
    "https://portal.internal/abc",
    "https://web..push.apple.com/abc",
    "https://.push.apple.com/abc",
    "https://..push.apple.com/abc",
    "https://web.push.apple.com./abc",
    "https://-.push.apple.com/abc",
    "https://web-.push.apple.com/abc",
    f"https://{'a' * 64}.push.apple.com/abc",
    f"https://{'a.' * 130}push.apple.com/abc",
    "https://xn--/.push.apple.com/abc",
    "https://WEB.push.apple.com/abc",
    "https://w\u0435b.push.apple.com/abc",
    "https://w_b.push.apple.com/abc",
    "https://web%2epush.apple.com/abc",
    "https://2130706433/abc",
    "https://0x7f.1/abc",
    "https://[::ffff:10.0.0.1]/abc",
    "https://web.push.apple.com:443:443/abc",
    "https://web.push.apple.com:/abc",
    "https://fcm.googleapis.com:80@web.push.apple.com/abc",
    "https://fcm.googleapis.com/wp/a b",
    "https://fcm.googleapis.com/wp/a\nb",
    "https://fcm.googleapis.com/wp/a\r\nHost: 10.0.0.1",
    "\thttps://fcm.googleapis.com/wp/abc",
    "https://fcm.googleapis.com/wp/ü",
    "https://fcm.googleap\u0456s.com/wp/abc",
    "javascript:alert(1)",
    f"https://fcm.googleapis.com/wp/{'a' * 500}",
]
INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
]


@pytest.fixture
def device() -> Device:
    """Return a browser whose maker is on the list."""
    return Device(KNOWN[0], "")


@pytest.mark.parametrize("endpoint", KNOWN)
def test_the_servers_of_the_makers_are_on_the_list(endpoint: str) -> None:
    policies.check_endpoint(endpoint)


@pytest.mark.parametrize("endpoint", REFUSED)
def test_any_other_address_is_refused_and_nothing_is_sent_there(endpoint: str) -> None:
    with pytest.raises(ValidationError):
        policies.check_endpoint(endpoint)
    said = Device(endpoint, "").said
    assert makers.hand_over(**said) == (0, "ValidationError")


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_that_is_not_of_the_internet_is_not_public(address: str) -> None:
    assert not policies.is_public(address)


def test_an_address_of_the_internet_is_one() -> None:
    assert policies.is_public("142.250.72.10")
    assert policies.is_public("2607:f8b0:4004:800::200a")


def test_a_name_on_the_list_that_leads_inside_is_not_connected_to(settings: LazySettings) -> None:
    """The machine's own name service says where localhost is: a real answer of a name that leads inside."""
    settings.PUSH_HOSTS = ("localhost",)
    said = Device("https://localhost/abc", "").said
    policies.check_endpoint(said["endpoint"])
    with pytest.raises(makers.NotPublic):
        makers.public_address("localhost")
    assert makers.hand_over(**said) == (0, "NotPublic")


@pytest.mark.parametrize("also", ["10.0.0.1", "::1"])
def test_one_inner_address_among_public_ones_is_enough_to_refuse(also: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(0, 0, 0, "", (each, 443)) for each in ("142.250.72.10", also)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_named: found)
    with pytest.raises(makers.NotPublic):
        makers.public_address("fcm.googleapis.com")


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere when it is asked again is not asked again."""
    answers = iter(["142.250.72.10", "127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_named: [(0, 0, 0, "", (next(answers), 443))])
    pool = makers._pool("https://fcm.googleapis.com/wp/abc")
    assert (pool.host, pool.port) == ("142.250.72.10", 443)
    assert pool.assert_hostname == "fcm.googleapis.com"  # type: ignore[attr-defined]


@pytest.mark.django_db
class TestTurningOn:
    def test_it_is_kept_with_its_sign_in(self, device: Device, deputy: User) -> None:
        client = sign_in(deputy)
        services.turn_on_notices(session=key_of(client), by=deputy, **device.said)
        [kept] = PushSubscription.objects.all()
        assert (kept.account_id, kept.session_id, kept.endpoint) == (deputy.pk, key_of(client), device.endpoint)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"p256dh": ""},
            {"auth": ""},
            {"auth": "AAAA"},
            {"auth": "A" * 23},
            {"p256dh": "A" * 87},
            {"p256dh": "BAAA"},
            {"p256dh": "é" * 87},
            {"p256dh": f"B{'_' * 86}"},
            {"endpoint": "https://10.0.0.1/abc"},
        ],
        ids=str,
    )
    def test_what_is_no_key_or_no_maker_leaves_nothing(
        self, wrong: dict[str, str], device: Device, deputy: User
    ) -> None:
        client = sign_in(deputy)
        with pytest.raises(ValidationError):
            services.turn_on_notices(session=key_of(client), by=deputy, **{**device.said, **wrong})
        assert not PushSubscription.objects.exists()

    def test_a_sign_in_has_one_device_and_a_new_address_takes_the_place_of_the_old(
        self, device: Device, deputy: User
    ) -> None:
        client = sign_in(deputy)
        for said in (device.said, Device(KNOWN[3], "").said, Device(KNOWN[3], "").said):
            services.turn_on_notices(session=key_of(client), by=deputy, **said)
        assert [each.endpoint for each in PushSubscription.objects.all()] == [KNOWN[3]]

    def test_a_resident_and_a_sign_in_that_ended_get_none(self, device: Device, deputy: User, resident: User) -> None:
        client = sign_in(resident)
        with pytest.raises(Refused):
            services.turn_on_notices(session=key_of(client), by=resident, **device.said)
        with pytest.raises(Refused):
            services.turn_on_notices(session="gone", by=deputy, **device.said)
        assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.example"])
def test_a_host_that_is_no_name_leads_nowhere(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python writes a name for the name service before it asks, and raises UnicodeError where it can't."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *_asked, **_named: [name.encode("idna")])
    with pytest.raises(makers.NotPublic):
        makers.public_address(host)
