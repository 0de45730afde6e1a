from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks

from fusus_portal.ground.accounts.followers import AccountFollower, account_followers
from fusus_portal.ground.push import services


def register() -> None:
    account_followers.register(AccountFollower(name="push", may_do_less=services.end_subscriptions))
    checks.register(no_stand_in, checks.Tags.security)


def no_stand_in(app_configs: Sequence[Any] | None, **_named: Any) -> list[checks.CheckMessage]:
    """Return an error for PUSH_TEST_PEER, a stand-in for browser makers, outside tests and the demo."""
    if not settings.PUSH_TEST_PEER or apps.is_installed("fusus_portal.demo"):
        return []
    return [checks.Error("PUSH_TEST_PEER is for tests: notices would go to a server on this machine.", id="push.E001")]
