"""Activating a CORE: one code, one business, one time, and nothing that tells a guess from a hit."""

import threading
from datetime import timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from integration.cores.models import ActivationCode, Core
from integration.cores.services import cores, credentials
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.cores.devices import FIRMWARE, active, allocated, in_stock, public_key
from tests.integration.device_api.calling import activate

pytestmark = pytest.mark.django_db


def refused_tries() -> int:
    return AuditEntry.objects.filter(event="integration:core:refuse-code", outcome="refused").count()


def test_a_core_is_activated_by_its_code_once() -> None:
    device = allocated()
    answer = activate(device)
    assert answer.status_code == 200
    assert device.core.state == "active"
    assert device.core.key == public_key(device.key)
    assert answer.json()["again_in"] == 15
    assert len(device.token) == len("core_") + 43
    entry = AuditEntry.objects.get(event="integration:core:activate")
    assert (entry.actor_kind, entry.actor_id) == ("device", str(device.core.pk))


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("0", "O")])
def test_a_code_is_taken_as_people_type_it(typed: object) -> None:
    device = allocated()
    device.code = typed(device.code)  # type: ignore[operator]
    assert activate(device).status_code == 200


def test_what_is_kept_of_a_code_is_no_code() -> None:
    device = allocated()
    kept = ActivationCode.objects.get()
    assert device.code.replace("-", "").encode() not in bytes(kept.digest) + bytes(kept.salt)
    assert device.code not in str(list(AuditEntry.objects.values()))


def test_wrong_used_ended_foreign_and_unknown_are_answered_alike() -> None:
    used, other, ended, late = active(), allocated(), allocated(), allocated()
    ended.code, old = cores.issue_code(core=ended.core, by=person(Role.CLERK)).code, ended.code
    ActivationCode.objects.filter(core=late.core).update(
        issued_at=timezone.now() - timedelta(days=61), expires_at=timezone.now() - timedelta(days=1)
    )
    answers = [
        activate(other, code="00000-00000"),
        activate(used),
        activate(other, code=ended.code),
        activate(ended, code=old),
        activate(late),
        activate(other, serial="NO-SUCH-ONE"),
        activate(other, serial=in_stock().serial),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert Core.objects.filter(state="active").count() == 1


def test_each_wrong_code_is_an_entry_and_none_ends_the_right_one() -> None:
    device = allocated()
    for _try in range(6):
        assert activate(device, code="00000-00000").status_code == 401
    assert refused_tries() == 6
    assert ActivationCode.objects.get().tries == 6
    assert activate(device).status_code == 200


def test_a_code_lives_sixty_days() -> None:
    device = allocated()
    with time_machine.travel(timezone.now() + timedelta(days=60, minutes=1)):
        assert activate(device).status_code == 401


def test_a_key_that_is_none_uses_nothing_up() -> None:
    device = allocated()
    answer = activate(device, key="A" * 42 + "==")
    assert (answer.status_code, answer.json()["field"]) == (400, "key")
    assert activate(device).status_code == 200


def test_of_two_at_the_same_instant_one_wins(portal_db: Clone) -> None:
    for _round in range(5):
        device = allocated()
        keys = [public_key(Ed25519PrivateKey.generate()) for _ in range(4)]
        won, start = [], threading.Barrier(len(keys))

        def attempt(key: str, serial: str = device.core.serial, code: str = device.code) -> None:
            start.wait()  # noqa: B023
            try:
                credentials.activate(serial=serial, code=code, key=key, firmware=FIRMWARE)
                won.append(key)  # noqa: B023
            except Refused:
                pass
            finally:
                connection.close()

        threads = [threading.Thread(target=attempt, args=[key]) for key in keys]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        device.core.refresh_from_db()
        assert won == [device.core.key]
        assert device.core.tokens.filter(ends_at__gt=timezone.now()).count() == 1
