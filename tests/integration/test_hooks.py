"""Contracts by which the nouns of integration answer for one another."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from fusus_portal.ground.accounts.followers import AccountFollower
from fusus_portal.ground.hooks import Contract, Hook
from integration import hooks


def test_somebody_ends_what_may_be_seen_no_more() -> None:
    hooks.must_be_answered()


def test_nobody_who_ends_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "permission_changed", Hook[hooks.PermissionChanged]("who sees"))
    with pytest.raises(ImproperlyConfigured, match="who sees"):
        hooks.must_be_answered()


def test_nobody_who_ends_the_views_of_an_account_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "account_followers", Contract[AccountFollower]())
    with pytest.raises(ImproperlyConfigured, match="may do less"):
        hooks.must_be_answered()
