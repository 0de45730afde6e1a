"""Calls that a CORE may make, and answers to a call that is not quite right."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from integration.cores.services import cores, credentials
from tests.factories import person
from tests.integration.cores.devices import Device, active, allocated, business_at, device_camera_at, stranger
from tests.integration.device_api.calling import activate, call, healthy

pytestmark = pytest.mark.django_db

make_world = active


@pytest.fixture
def device(world: Device) -> Device:
    """Return an active CORE."""
    return world


def test_a_poll_says_when_to_come_back(device: Device) -> None:
    answer = call(device, "poll", {})
    assert answer.status_code == 200
    said = answer.json()
    assert abs(said.pop("server_time") - timezone.now().timestamp()) < 5
    assert said == {"again_in": 15, "line": "", "orders": []}
    assert "no-store" in answer["Cache-Control"]


def test_only_calls_of_people_go_through_what_people_need(device: Device, client: Client) -> None:
    answers = (call(device, "poll", {}), client.get(reverse("figures_csv")))
    assert ["Content-Security-Policy" in answer.headers for answer in answers] == [False, True]


def test_health_is_written_down(device: Device) -> None:
    behind = device_camera_at(device.core, channel="back")
    answer = call(device, "health", healthy(disk_free=64_000_000_000))
    assert answer.status_code == 200
    device.core.refresh_from_db()
    behind.refresh_from_db()
    assert device.core.channels == {"front": "running", "back": "lost"}
    assert (device.core.disk_free, device.core.disk_size) == (64_000_000_000, 64_000_000_000)
    assert abs(device.core.clock_drift_ms or 0) < 5000
    assert behind.picture == "lost"


def test_a_core_is_told_which_channels_are_connected_and_nothing_about_them(device: Device) -> None:
    behind = device_camera_at(device.core)
    answer = call(device, "cameras", method="GET")
    assert answer.json() == {"cameras": [{"id": str(behind.pk), "channel": "front"}]}


class TestWhoCalls:
    def test_without_token_or_signature_nobody_is_let_in(self, device: Device) -> None:
        assert call(device, "poll", {}, token="").status_code == 401
        assert call(None, "poll", {}, token=device.token).status_code == 401
        assert call(device, "poll", {}, token="", headers={"Authorization": f"Basic {device.token}"}).status_code == 401
        assert call(device, "poll", {}, token=stranger()).status_code == 401

    def test_a_leaked_token_opens_nothing_to_another_device(self, device: Device) -> None:
        other = active()
        for name, said, method in (("poll", {}, "POST"), ("health", healthy(), "POST"), ("cameras", None, "GET")):
            answer = call(other, name, said, token=device.token, method=method)
            assert answer.status_code == 401

    def test_a_signature_of_something_else_does_not_count(self, device: Device) -> None:
        def headers_of(name: str, said: object) -> str:
            return str(call(device, name, said).wsgi_request.headers["Core-Signature"])

        assert call(device, "health", healthy(), signature=headers_of("poll", {})).status_code == 401
        assert call(device, "poll", {}, signature=headers_of("poll", {})).status_code == 200

    @pytest.mark.parametrize("wrong", ["", "x", "1.2.3", "9" * 400, ".", "-1.AAAA", "١٢٣.AAAA", "{now}.", "{now}.!!!"])
    def test_what_is_no_signature_is_refused(self, device: Device, wrong: str) -> None:
        text = wrong.replace("{now}", str(int(timezone.now().timestamp())))
        assert call(device, "poll", {}, signature=text.encode().decode("latin-1")).status_code in (400, 401)

    def test_a_signature_of_another_length_is_refused(self, device: Device) -> None:
        now = int(timezone.now().timestamp())
        short = f"{now}.{base64.b64encode(b'x' * 63).decode()}"
        assert call(device, "poll", {}, signature=short).status_code == 401

    def test_a_refused_call_is_counted(self, device: Device) -> None:
        call(device, "poll", {}, token=stranger())
        from audit.log.services import settle_tallies  # noqa: PLC0415

        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            settle_tallies()
        assert AuditEntry.objects.filter(event="access:visitor:refuse").exists()


class TestTheClock:
    @pytest.mark.parametrize("ahead", [-62.0, 62.0, -3_600_000.0])
    def test_a_wrong_clock_is_told_the_time_and_nothing_else(self, device: Device, ahead: float) -> None:
        answer = call(device, "poll", {}, ahead=ahead)
        assert answer.status_code == 400
        said = answer.json()
        assert abs(said["server_time"] - timezone.now().timestamp()) < 5
        assert said.keys() == {"type", "title", "status", "detail", "server_time"}
        assert call(device, "poll", {}, ahead=ahead, token=stranger()).status_code == 400

    @pytest.mark.parametrize("ahead", [-55.0, 55.0])
    def test_a_clock_that_is_nearly_right_is_let_in(self, device: Device, ahead: float) -> None:
        assert call(device, "poll", {}, ahead=ahead).status_code == 200

    def test_an_old_call_can_not_be_sent_again_for_long(self, device: Device) -> None:
        kept = call(device, "poll", {}).wsgi_request.headers["Core-Signature"]
        with time_machine.travel(timezone.now() + timedelta(seconds=90)):
            assert call(device, "poll", {}, signature=kept).status_code == 400


class TestTokens:
    def test_a_token_is_exchanged_after_a_day_and_the_old_one_works_on_for_ten_minutes(self, device: Device) -> None:
        first = device.token
        with time_machine.travel(timezone.now() + timedelta(hours=25)) as clock:
            second = call(device, "poll", {}).json()["token"]
            assert second != first
            assert call(device, "poll", {}, token=first).json().keys() == {"again_in", "line", "server_time", "orders"}
            assert call(device, "poll", {}, token=second).status_code == 200
            clock.shift(timedelta(minutes=10, seconds=1))
            assert call(device, "poll", {}, token=first).status_code == 401
            assert call(device, "poll", {}, token=second).status_code == 200

    def test_a_revoked_token_fails_at_the_very_next_call(self, device: Device) -> None:
        assert call(device, "poll", {}).status_code == 200
        credentials.revoke_tokens(core=device.core, by=person(Role.CLERK))
        assert call(device, "poll", {}).status_code == 401

    def test_a_lost_token_is_replaced_by_the_key_alone(self, device: Device) -> None:
        answer = call(device, "token", {"serial": device.core.serial}, token="")
        assert answer.status_code == 200
        assert call(device, "poll", {}).status_code == 401
        assert call(device, "poll", {}, token=answer.json()["token"]).status_code == 200

    def test_a_key_gets_twenty_tokens_an_hour_and_another_key_uses_none_up(self, device: Device) -> None:
        other, said = active(), {"serial": device.core.serial}
        statuses = [call(each, "token", said).status_code for each in [other, *[device] * 21]]
        assert statuses == [401, *[200] * 20, 429]
        assert call(other, "token", {"serial": other.core.serial}).status_code == 200

    def test_another_key_gets_no_token(self, device: Device) -> None:
        other = active()
        said = {"serial": device.core.serial}
        assert call(other, "token", said).status_code == 401
        assert call(other, "token", {"serial": "NO-SUCH-ONE"}).status_code == 401
        assert call(allocated(), "token", {"serial": allocated().core.serial}).status_code == 401

    def test_a_suspended_core_is_let_in_nowhere_until_it_is_resumed(self, device: Device) -> None:
        clerk = person(Role.CLERK)
        cores.suspend(core=device.core, by=clerk)
        assert call(device, "poll", {}).status_code == 401
        assert call(device, "token", {"serial": device.core.serial}).status_code == 409
        cores.resume(core=device.core, by=clerk)
        assert call(device, "poll", {}).status_code == 401
        fresh = call(device, "token", {"serial": device.core.serial}).json()["token"]
        assert call(device, "poll", {}, token=fresh).status_code == 200


class TestWhatIsSent:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"firmware": ""}, "firmware"),
            ({"firmware": "1.4\n"}, "firmware"),
            ({"firmware": None}, "firmware"),
            ({"clock_ms": -1}, "clock_ms"),
            ({"clock_ms": True}, "clock_ms"),
            ({"clock_ms": 1.5}, "clock_ms"),
            ({"clock_ms": 2**63}, "clock_ms"),
            ({"disk_free": 65_000_000_000}, "disk_free"),
            ({"disk_size": 2**62 + 1}, "disk_size"),
            ({"disk_size": 0}, "disk_size"),
            ({"recorded_minutes": 366 * 24 * 60 + 1}, "recorded_minutes"),
            ({"channels": {}}, "channels"),
            ({"channels": [{"channel": "front", "picture": "running"}] * 2}, "channels[1]"),
            ({"channels": [{"channel": f"c{n}", "picture": "lost"} for n in range(17)]}, "channels"),
            ({"channels": [{"channel": "rtsp://x", "picture": "lost"}]}, "channel"),
            ({"channels": [{"channel": "front", "picture": "fine"}]}, "picture"),
            ({"channels": [{"channel": "front", "picture": "lost", "address": "10.0.0.4"}]}, "address"),
            ({"channels": ["front"]}, "channels[0]"),
            ({"more": 1}, "more"),
        ],
    )
    def test_a_wrong_field_is_named(self, device: Device, changes: dict[str, Any], field: str) -> None:
        answer = call(device, "health", healthy(**changes))
        assert (answer.status_code, answer.json()["field"]) == (400, field)

    @pytest.mark.parametrize(
        "changes",
        [
            {"clock_ms": 0},
            {"clock_ms": 5.0},
            {"disk_size": 2**62, "disk_free": 0},
            {"recorded_minutes": 366 * 24 * 60},
            {"channels": [{"channel": f"c{n}", "picture": "lost"} for n in range(16)]},
        ],
    )
    def test_what_is_just_right_is_taken(self, device: Device, changes: dict[str, Any]) -> None:
        assert call(device, "health", healthy(**changes)).status_code == 200

    @pytest.mark.parametrize(
        "body", [b"{", b"[]", b"\xff", b'{"a":1,"a":2}', b"[" * 20_000, b'{"firmware": NaN}', b"null"]
    )
    def test_what_is_no_object_is_refused(self, device: Device, body: bytes) -> None:
        answer = call(device, "health", body=body)
        assert (answer.status_code, answer.json()["field"]) == (400, "body")

    def test_another_type_is_refused(self, device: Device) -> None:
        assert call(device, "poll", {}, kind="text/plain").status_code == 400

    def test_more_than_64_kib_is_refused(self, device: Device) -> None:
        for more, status in ((0, 400), (1, 413)):
            assert call(device, "health", body=b" " * (64 * 1024 + more)).status_code == status

    def test_a_missing_field_is_named(self, device: Device) -> None:
        assert call(device, "health", {}).json()["field"] == "firmware"


def test_an_unknown_call_and_a_wrong_method_are_answered_in_json(device: Device) -> None:
    assert call(device, "nothing", {}).status_code == 404
    assert call(device, "", {}).json()["type"] == "urn:fusus-portal:core:no-such-call"
    answer = call(device, "poll", method="GET")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_device_that_calls_too_often_is_told_to_wait_and_others_are_not(device: Device) -> None:
    other = active()
    for _call in range(240):
        call(device, "nothing", {})
        answer = call(device, "poll", body=b"{")
    assert answer.status_code == 400
    answer = call(device, "poll", {})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert call(other, "poll", {}).status_code == 200


def test_strangers_of_one_network_are_not_answered_for_ever() -> None:
    statuses = [call(None, "poll", {}, token=stranger()).status_code for _ in range(62)]
    assert (statuses[0], statuses[-1]) == (401, 429)


def test_the_whole_document_is_served() -> None:
    answer = call(None, "openapi.json", method="GET")
    assert answer.status_code == 200
    assert "/activate" in json.loads(answer.content)["paths"]


def test_nothing_of_a_business_is_told_to_its_device() -> None:
    device = allocated(registrant=business_at())
    assert "Vulcan" not in activate(device).content.decode()
