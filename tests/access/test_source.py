"""Whom a request comes from: only what our own proxies say is believed."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from audit.log.models import AuditDetail, AuditEntry
from fusus_portal.ground.access.limits import TooManyRequests, limit, parse
from fusus_portal.ground.access.source import address_of, network_of
from fusus_portal.ground.accounts.models import User


def asked(forwarded: str | None, settings: Settings, *, proxies: int, peer: str = "192.0.2.1") -> str:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return address_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (None, 0, "192.0.2.1"),
        ("203.0.113.9", 0, "192.0.2.1"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7, 10.0.0.1", 2, "198.51.100.7"),
        ("198.51.100.7", 2, ""),
        ("<script>", 1, ""),
        (None, 1, ""),
        ("2001:DB8::1", 1, "2001:db8::1"),
    ],
)
def test_the_address_is_the_one_that_our_proxies_saw(
    forwarded: str | None, proxies: int, address: str, settings: Settings
) -> None:
    assert asked(forwarded, settings, proxies=proxies) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", ""),
    ],
)
def test_limits_count_the_addresses_of_one_household_together(address: str, network: str, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_another_address_of_the_same_network_does_not_start_the_count_again() -> None:
    @limit("one", "1/m")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view(RequestFactory().post("/", REMOTE_ADDR="2001:db8::1"))
    with pytest.raises(TooManyRequests):
        view(RequestFactory().post("/", REMOTE_ADDR="2001:db8::2"))


@pytest.mark.django_db
def test_entries_carry_address_browser_and_an_opaque_sign_in(resident: User, resident_client: Client) -> None:
    resident_client.get("/console/", headers={"User-Agent": "Some browser"}, REMOTE_ADDR="198.51.100.7")
    entry = AuditEntry.objects.get(actor_id=str(resident.pk))
    details = {detail.kind: detail.text for detail in AuditDetail.objects.all()}
    assert details == {"address": "198.51.100.7", "agent": "Some browser"}
    assert len(entry.sign_in) == 64
    assert str(resident_client.session.session_key) not in entry.sign_in


@pytest.mark.parametrize(("rate", "meaning"), [("20/m", (20, 60)), ("5/15m", (5, 900)), ("1/d", (1, 86400))])
def test_a_rate_says_how_often_in_how_many_seconds(rate: str, meaning: tuple[int, int]) -> None:
    assert parse(rate) == meaning


@pytest.mark.parametrize("rate", ["20", "20/x", "m/20", ""])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(rate)
