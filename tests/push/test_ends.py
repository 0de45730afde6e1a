"""Notices end with the sign-in in which they were turned on, and when an account may do less."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from audit.log.actors import VISITOR
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts, role_changes, sign_ins, suspensions
from fusus_portal.ground.accounts.tasks import clear_sessions
from fusus_portal.ground.push import services
from tests.factories import person
from tests.peers.push import PushPeer
from tests.push.devices import is_on, key_of, turned_on

pytestmark = pytest.mark.django_db

REASON = "She works on the night shift now."


def test_signing_out_ends_those_of_that_sign_in_alone(peer: PushPeer, deputy: User) -> None:
    client, device = turned_on(deputy, peer)
    _other, stays = turned_on(deputy, peer)
    client.post(reverse("account_logout"))
    assert [is_on(device), is_on(stays)] == [False, True]
    services.send_notices(account=deputy.pk)
    assert [endpoint for endpoint, _word in peer.received] == [stays.endpoint]


def test_ending_the_other_sign_ins_ends_theirs(peer: PushPeer, deputy: User) -> None:
    client, own = turned_on(deputy, peer)
    _other, device = turned_on(deputy, peer)
    sign_ins.end_all_of(account=deputy, by=deputy.actor, but=key_of(client))
    assert [is_on(own), is_on(device)] == [True, False]


def changed(account: User, kind: str, **more: str) -> None:
    change = role_changes.propose(kind=kind, account=account, reason=REASON, by=person("administrator"), **more)
    role_changes.approve(change=change, by=person("administrator"))


def locked(account: User) -> None:
    for _try in range(settings.FAILURES_BEFORE_LOCK):
        accounts.count_failure(account=account, by=VISITOR)


ENDS: dict[str, Callable[[User], object]] = {
    "another role": lambda account: changed(account, "change_role", role="clerk"),
    "disabled": lambda account: changed(account, "disable"),
    "new factors": lambda account: changed(account, "reset_factors"),
    "suspended": lambda account: suspensions.suspend(account=account, reason="stolen", by=person("administrator")),
}


@pytest.mark.parametrize("how", ENDS)
def test_an_account_that_may_do_less_has_no_notices_from_that_moment(how: str, peer: PushPeer) -> None:
    account = person("deputy")
    for _more in range(3):
        person("administrator")
    _client, device = turned_on(account, peer)
    ENDS[how](account)
    assert not is_on(device)


def test_nothing_is_sent_to_a_locked_account(peer: PushPeer, deputy: User) -> None:
    _client, device = turned_on(deputy, peer)
    locked(deputy)
    assert services.send_notices(account=deputy.pk) == 0
    assert (is_on(device), peer.posts) == (False, [])


@pytest.mark.parametrize("limit", ["IDLE_LIMIT", "SIGN_IN_LIMIT"])
def test_nothing_is_sent_after_the_clock_ended_the_sign_in(limit: str, peer: PushPeer, deputy: User) -> None:
    _client, device = turned_on(deputy, peer)
    with time_machine.travel(timezone.now() + getattr(settings, limit) + timedelta(minutes=1)):
        assert services.send_notices(account=deputy.pk) == 0
    assert (is_on(device), peer.posts) == (False, [])


def test_nothing_is_sent_after_the_password_was_set_elsewhere(peer: PushPeer, deputy: User) -> None:
    _client, device = turned_on(deputy, peer)
    deputy.set_password("another plum river of lanterns")
    deputy.save()
    assert services.send_notices(account=deputy.pk) == 0
    assert (is_on(device), peer.posts) == (False, [])


def test_clearing_old_sessions_forgets_their_devices(peer: PushPeer, deputy: User) -> None:
    _client, device = turned_on(deputy, peer)
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        clear_sessions()
    assert not is_on(device)


def test_turning_off_ends_those_of_this_device(peer: PushPeer, deputy: User) -> None:
    client, device = turned_on(deputy, peer)
    _other, stays = turned_on(deputy, peer)
    assert services.turn_off_notices(session=key_of(client), by=deputy) == 1
    assert [is_on(device), is_on(stays)] == [False, True]


def test_the_next_user_of_the_browser_gets_the_notices_alone(peer: PushPeer, deputy: User) -> None:
    _client, device = turned_on(deputy, peer)
    other = person("supervisor")
    client, _own = turned_on(other, peer)
    services.turn_on_notices(session=key_of(client), by=other, **device.said)
    assert [services.send_notices(account=deputy.pk), services.send_notices(account=other.pk)] == [0, 1]
    assert other.push_subscriptions.count() == 1


def test_an_account_that_is_disabled_by_the_clock_has_none(peer: PushPeer, deputy: User) -> None:
    _client, device = turned_on(deputy, peer)
    accounts.disable(account=deputy, by=VISITOR, why="unused")
    assert not is_on(device)
