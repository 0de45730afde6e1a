"""Error pages for requests that no view answers, and the window after which a rate limit begins anew."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from redis import Redis

from fusus_portal.ground.access import limits
from fusus_portal.ground.accounts.models import User
from tests.database.clone import Clone
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def test_an_address_that_is_not_there_has_a_page_of_ours(visitor_client: Client) -> None:
    answer = visitor_client.get("/nowhere/")
    assert (answer.status_code, answer.templates[0].name) == (404, "errors/404.html")


def test_a_request_for_another_host_can_t_be_read(visitor_client: Client) -> None:
    answer = visitor_client.get("/", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.templates[0].name) == (400, "errors/400.html")


def test_a_refusal_outside_any_view_has_a_page_of_ours() -> None:
    request: HttpRequest = RequestFactory().get("/")
    handler: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(403)
    assert handler(request, exception=PermissionDenied()).status_code == 403


def test_a_sign_in_that_can_t_be_read_is_said_to_be_for_now(portal_db: Clone, deputy: User) -> None:
    client = sign_in(deputy, Client(raise_request_exception=False))
    with portal_db.connect() as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'portal_app'"
        )
    answer = client.get("/console/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_limit_ends_with_its_window() -> None:
    limits.spend("anew", "1/m", "192.0.2.9")
    with pytest.raises(limits.TooManyRequests):
        limits.spend("anew", "1/m", "192.0.2.9")
    with Redis.from_url(settings.REDIS_URL) as server:
        assert 50 < server.ttl("limit:anew:192.0.2.9") <= 60
        server.delete("limit:anew:192.0.2.9")
    limits.spend("anew", "1/m", "192.0.2.9")


@pytest.mark.parametrize("rate", ["20", "20/", "20/x", "often/m"])
def test_a_limit_without_a_rate_is_refused_where_it_is_written(rate: str) -> None:
    with pytest.raises(ValueError, match=r"no rate|invalid literal"):
        limits.limit("never", rate)


def test_so_many_do_it_at_the_same_moment_and_the_next_when_one_is_done() -> None:
    with limits.at_once("slow", 2, "a"):
        with limits.at_once("slow", 2, "a"):
            with pytest.raises(limits.TooManyAtOnce), limits.at_once("slow", 2, "a"):
                pass
            with limits.at_once("slow", 2, "b"):
                pass
        with limits.at_once("slow", 2, "a"):
            pass
    assert not any(place.startswith("slow:") for place in limits._NOW)


def test_a_page_for_the_agency_alone_leads_to_its_notice_first(visitor_client: Client) -> None:
    assert visitor_client.get("/console/").headers["Location"].startswith(reverse("system_use_notice"))
