"""A notice reaches the devices that want one, says one word, and nothing waits for a maker that does not answer."""

import logging
import time
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.push import makers, services
from fusus_portal.ground.push.tasks import send
from fusus_portal.ground.worklist import services as worklist
from tests.factories import incident_at, person
from tests.peers.push import PushPeer
from tests.push.devices import is_on, turned_on

pytestmark = pytest.mark.django_db


def test_each_device_decrypts_one_word_and_its_maker_knows_who_signed(peer: PushPeer, deputy: User) -> None:
    devices = [turned_on(deputy, peer)[1] for _each in range(2)]
    assert send(str(deputy.pk)) == 2
    assert sorted(peer.received) == sorted((each.endpoint, b"waits") for each in devices)
    assert {(post["TTL"], post["Topic"], post["Urgency"]) for post in peer.posts} == {("3600", "portal", "high")}


def test_a_maker_refuses_what_another_key_signed(peer: PushPeer, deputy: User) -> None:
    device = turned_on(deputy, peer)[1]
    device.portal_key = "another"
    assert services.send_notices(account=deputy.pk) == 0
    assert peer.received == []


def test_a_device_hears_once_a_minute(peer: PushPeer, deputy: User) -> None:
    _client, device = turned_on(deputy, peer)
    assert [services.send_notices(account=deputy.pk), services.send_notices(account=deputy.pk)] == [1, 0]
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert services.send_notices(account=deputy.pk) == 1
    assert device.waits == {"portal": b"waits"}


@pytest.mark.parametrize("gone", [404, 410])
def test_a_phone_that_is_gone_is_forgotten(gone: int, peer: PushPeer, deputy: User) -> None:
    _client, device = turned_on(deputy, peer)
    peer.refuse = gone
    assert services.send_notices(account=deputy.pk) == 0
    assert not is_on(device)


@pytest.mark.parametrize("status", [413, 429, 500, 503])
def test_what_a_maker_does_not_take_now_is_dropped_and_the_device_stays(
    status: int, peer: PushPeer, deputy: User
) -> None:
    _client, device = turned_on(deputy, peer)
    peer.refuse = status
    assert services.send_notices(account=deputy.pk) == 0
    assert (is_on(device), len(peer.posts)) == (True, 1)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(status: int, peer: PushPeer, deputy: User) -> None:
    turned_on(deputy, peer)
    peer.refuse, peer.to = status, f"{peer.url}/elsewhere"
    assert services.send_notices(account=deputy.pk) == 0
    assert len(peer.posts) == 1


def test_a_slow_maker_is_left_alone_for_a_minute(
    peer: PushPeer, deputy: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cache.clear()
    monkeypatch.setattr(makers, "TIMEOUT_SECONDS", 0.3)
    other = person("supervisor")
    devices = [turned_on(account, peer)[1] for account in (deputy, other)]
    peer.holds = True
    began = time.monotonic()
    assert [services.send_notices(account=deputy.pk), services.send_notices(account=other.pk)] == [0, 0]
    assert time.monotonic() - began < 5
    assert len(peer.posts) == 1
    assert [is_on(each) for each in devices] == [True, True]
    cache.clear()


def test_the_process_log_names_the_host_alone(peer: PushPeer, deputy: User, caplog: pytest.LogCaptureFixture) -> None:
    _client, device = turned_on(deputy, peer)
    peer.refuse = 500
    with caplog.at_level(logging.INFO):
        services.send_notices(account=deputy.pk)
    assert "127.0.0.1 did not take a notice: 500" in caplog.text
    assert not [secret for secret in (*device.said.values(), "/push/", deputy.email) if secret in caplog.text]


def test_what_waits_is_offered_to_a_worker_after_the_commit_and_to_nobody_without_devices(
    peer: PushPeer, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    offered: list[tuple[object, object]] = []
    monkeypatch.setattr(broker, "offer", lambda pk, *, task="", **_how: offered.append((pk, task)))
    told, other = person("supervisor"), person("supervisor")
    turned_on(told, peer)
    incident_at(verified=False)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert worklist.tell() == 2
        assert offered == []
    assert [pk for pk, task in offered if task == "push.send"] == [told.pk]
    assert other.push_subscriptions.count() == 0


def test_without_a_key_nothing_is_offered_and_nothing_sent(
    peer: PushPeer, deputy: User, settings: LazySettings
) -> None:
    turned_on(deputy, peer)
    settings.PUSH_KEY = ""
    assert services.send_notices(account=deputy.pk) == 0
    assert peer.posts == []
