"""Deny by default, and what becomes of a refused act."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from redis.exceptions import ConnectionError as CacheDown
from time_machine import TimeMachineFixture

from audit.log.models import AuditEntry, AuditTally
from fusus_portal.ground.access import privileged, refusals
from fusus_portal.ground.accounts.models import User
from tests.access import planted
from tests.access.addresses import addresses
from tests.access.urls import ROWS
from tests.accounts.codes import app_code
from tests.people import PASSWORD, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.planted")]


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    planted.calls.clear()


class TestAViewWithoutAMark:
    @pytest.mark.parametrize("who", ["visitor", "resident", "administrator"])
    def test_it_is_refused_and_never_runs(self, who: str, request: pytest.FixtureRequest) -> None:
        client = request.getfixturevalue(f"{who}_client")
        assert client.get("/planted/unmarked/").status_code == 403
        assert client.post("/planted/unmarked/").status_code == 403
        assert planted.calls == []

    def test_the_walk_notices_it(self) -> None:
        assert "unmarked" in {address.name for address in addresses("tests.access.planted")} - set(ROWS)


class TestARefusedAct:
    @pytest.mark.parametrize(
        ("how", "status", "event"),
        [
            ("refused", 403, "access:act:refuse"),
            ("stale", 409, "access:act:stale"),
            ("not-yours", 404, "access:act:not-found"),
            ("missing", 404, "access:act:not-found"),
            ("denied", 403, "access:act:refuse"),
        ],
    )
    def test_it_has_its_status_and_its_entry(
        self, how: str, status: int, event: str, deputy: User, deputy_client: Client
    ) -> None:
        assert deputy_client.get(f"/planted/fails/{how}/").status_code == status
        entry = AuditEntry.objects.get(event=event)
        assert (entry.outcome, entry.actor_id) == ("refused", str(deputy.pk))
        assert (entry.facts["view"], entry.facts["method"]) == ("fails", "GET")

    def test_the_page_says_the_sentence_and_the_entry_the_subject(self, deputy_client: Client) -> None:
        response = deputy_client.get("/planted/fails/refused/")
        assert "You may not do this." in response.content.decode()
        entry = AuditEntry.objects.get(event="access:act:refuse")
        assert (entry.subject_kind, entry.subject_id) == ("thing", "t-1")
        assert entry.facts["sentence"] == "You may not do this."

    def test_a_visitors_refusals_are_counted_not_piled_up(self, visitor_client: Client) -> None:
        for _ in range(3):
            visitor_client.get("/planted/fails/not-yours/")
        assert not AuditEntry.objects.exists()
        assert sum(AuditTally.objects.values_list("count", flat=True)) == 3  # one tally a minute

    def test_where_it_cant_be_recorded_the_portal_is_closed(
        self, deputy_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(**kwargs: object) -> None:
            raise DatabaseError("disk full")

        monkeypatch.setattr(refusals, "record_refusal", fails)
        response = deputy_client.get("/planted/fails/refused/")
        assert response.status_code == 503
        assert response.headers["Retry-After"]

    def test_a_role_without_the_permission_reads_who_has_it(self, clerk_client: Client) -> None:
        response = clerk_client.get(reverse("people"))
        assert response.status_code == 403
        assert "Administrators keep agency accounts, two for each change." in response.content.decode()

    def test_a_form_from_elsewhere_is_refused_and_recorded(self, resident: User) -> None:
        client = Client(enforce_csrf_checks=True)
        sign_in(resident, client)
        assert client.post(reverse("account_logout")).status_code == 403
        assert "_auth_user_id" in client.session
        assert AuditEntry.objects.filter(event="access:act:refuse", actor_id=str(resident.pk)).count() == 1

    def test_a_cache_that_is_down_closes_what_needs_it(
        self, visitor_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def down(*args: object, **kwargs: object) -> None:
            raise CacheDown("no route to the cache")

        monkeypatch.setattr("fusus_portal.ground.access.limits._used", down)
        assert visitor_client.post("/planted/limited/").status_code == 503
        assert visitor_client.get("/planted/limited/").status_code == 200


class TestAPrivilegedAct:
    @pytest.fixture(autouse=True)
    def _noon(self, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to("2026-12-01 12:00Z", tick=False)

    def test_a_fresh_sign_in_is_enough(self, deputy: User) -> None:
        assert sign_in(deputy).get("/planted/grave/").status_code == 200

    def test_an_older_one_proves_password_and_factor_again(
        self, deputy: User, time_machine: TimeMachineFixture
    ) -> None:
        client = sign_in(deputy)
        time_machine.shift(timedelta(minutes=6))
        assert client.get("/planted/grave/").headers["Location"].startswith("/account/reauthenticate/")
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        assert client.get("/planted/grave/").headers["Location"].startswith("/account/2fa/reauthenticate/")
        client.post("/account/2fa/reauthenticate/", {"code": app_code()})
        assert client.get("/planted/grave/").content == b"done"

    def test_a_wrong_password_opens_nothing(self, deputy: User, time_machine: TimeMachineFixture) -> None:
        client = sign_in(deputy)
        time_machine.shift(timedelta(minutes=6))
        client.post("/account/reauthenticate/", {"password": "wrong password"})
        assert client.post("/planted/grave/").status_code == 302

    def test_a_resident_gives_the_password_only(self, resident: User, time_machine: TimeMachineFixture) -> None:
        client = sign_in(resident)
        time_machine.shift(timedelta(minutes=6))
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        assert client.get("/planted/grave/").status_code == 200

    def test_a_form_goes_back_to_the_page_that_held_it(self, deputy: User, time_machine: TimeMachineFixture) -> None:
        client = sign_in(deputy)
        time_machine.shift(timedelta(minutes=6))
        there = client.post("/planted/grave/", headers={"Referer": "http://testserver/console/?a=1"})
        foreign = client.post("/planted/grave/", headers={"Referer": "https://evil.example/"})
        assert there.headers["Location"].endswith("?next=%2Fconsole%2F%3Fa%3D1")
        assert foreign.headers["Location"] == "/account/reauthenticate/"
        said = "Then press the button once more; nothing was changed yet."
        assert said in client.get("/account/reauthenticate/").text

    def test_it_stands_above_the_permission(self) -> None:
        with pytest.raises(TypeError, match="goes above"):
            privileged(planted.unmarked)


class TestALimit:
    def test_the_fourth_time_in_a_minute_is_too_many(self, visitor_client: Client) -> None:
        statuses = [visitor_client.post("/planted/limited/").status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]

    def test_reading_is_free(self, visitor_client: Client) -> None:
        assert [visitor_client.get("/planted/limited/").status_code for _ in range(5)] == [200] * 5

    def test_each_address_has_its_own_count(self, visitor_client: Client) -> None:
        for _ in range(4):
            visitor_client.post("/planted/limited/")
        assert visitor_client.post("/planted/limited/", REMOTE_ADDR="198.51.100.7").status_code == 200

    def test_a_made_up_forwarded_address_has_no_count_of_its_own(
        self, visitor_client: Client, settings: Settings
    ) -> None:
        settings.TRUSTED_PROXY_COUNT = 0
        statuses = [
            visitor_client.post("/planted/limited/", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(4)
        ]
        assert statuses[-1] == 429
