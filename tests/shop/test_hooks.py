"""Contracts by which the nouns of the shop answer for one another."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from fusus_portal.ground.hooks import Hook
from shop import hooks


def test_every_contract_has_its_answer() -> None:
    hooks.must_be_answered()


def test_a_contract_that_nobody_answers_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    unanswered = Hook[object]("money_lost")
    with pytest.raises(ImproperlyConfigured, match="money_lost"):
        _ = unanswered.answer
    monkeypatch.setattr(hooks, "ALL", (*hooks.ALL, unanswered))
    with pytest.raises(ImproperlyConfigured, match="money_lost"):
        hooks.must_be_answered()


def test_a_contract_has_one_answer() -> None:
    hook = Hook[str]("refunds.moved")
    hook.register("returns")
    hook.register("returns")
    with pytest.raises(ValueError, match=r"refunds\.moved has two answers"):
        hook.register("warranty")
    assert hook.answer == "returns"
