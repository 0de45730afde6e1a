"""Strangers who name the serial number of somebody else's CORE are limited, and the CORE is not."""

import pytest

from audit.log.models import AuditEntry
from fusus_portal.ground.numbers import ALPHABET
from integration.cores.models import ActivationCode
from integration.cores.services.credentials import GROUP_LENGTH, GROUPS
from integration.rules import CODE_LIFE, NETWORK_TRIES
from tests.integration.cores.devices import Device, active, allocated
from tests.integration.device_api.calling import activate, call

pytestmark = pytest.mark.django_db

ATTACKER, OWNER = "198.51.100.7", "203.0.113.20"
WRONG = "00000-00000"


def test_a_hundred_wrong_codes_from_one_network_keep_no_core_from_being_activated() -> None:
    device = allocated()
    statuses = [activate(device, code=WRONG, network=ATTACKER).status_code for _try in range(100)]
    assert statuses == [401] * 20 + [429] * 80
    assert activate(device, network=ATTACKER).status_code == 429, "not even with the right code"
    assert activate(device, network=OWNER).status_code == 200
    assert call(device, "poll", {}, network=OWNER).status_code == 200


def test_a_hundred_claims_to_be_a_core_keep_no_token_from_it() -> None:
    device, stranger = active(), allocated()
    said = {"serial": device.core.serial}
    statuses = [call(None, "token", said, signer=stranger, network=ATTACKER).status_code for _claim in range(100)]
    assert (statuses[0], statuses[-1]) == (401, 429)
    answer = call(device, "token", said, token="", network=OWNER)
    assert answer.status_code == 200
    device.token = answer.json()["token"]
    assert call(device, "poll", {}, network=OWNER).status_code == 200


def test_many_networks_end_no_code_and_do_not_fill_the_log() -> None:
    device = allocated()
    for number in range(60):
        assert activate(device, code=WRONG, network=f"198.51.100.{number}").status_code == 401
    assert ActivationCode.objects.get().tries == 60
    assert AuditEntry.objects.filter(event="integration:core:refuse-code").count() == 20
    assert activate(device, network=OWNER).status_code == 200


def test_a_core_that_has_shown_its_key_is_limited_by_itself_alone() -> None:
    device, neighbor = active(), active()
    statuses = [renewed(device) for _call in range(21)]
    assert statuses == [200] * 20 + [429]
    assert renewed(neighbor) == 200


def renewed(device: Device) -> int:
    """Ask for a token as the CORE itself; return the status of the answer."""
    return int(call(device, "token", {"serial": device.core.serial}, token="", network=OWNER).status_code)


def test_a_million_networks_have_less_than_one_chance_in_30_000_of_guessing_a_code_in_its_whole_life() -> None:
    an_hour = int(NETWORK_TRIES.removesuffix("/h"))
    tries = 1_000_000 * an_hour * (CODE_LIFE.total_seconds() / 3600)
    assert tries / len(ALPHABET) ** (GROUPS * GROUP_LENGTH) < 1 / 30_000
