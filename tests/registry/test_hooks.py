"""Nouns above the registry follow its acts: each answers once, and they end in an order."""

from functools import partial

import pytest

from audit.log.actors import VISITOR
from fusus_portal.ground.hooks import Contract
from registry.incidents import hooks
from registry.incidents.hooks import IncidentFollower
from registry.incidents.models import Incident


@pytest.fixture
def followers(monkeypatch: pytest.MonkeyPatch) -> Contract[IncidentFollower]:
    """Return a contract about incidents that nobody answers yet."""
    unanswered = Contract[IncidentFollower]()
    monkeypatch.setattr(hooks, "incidents", unanswered)
    return unanswered


def test_a_noun_answers_once(followers: Contract[IncidentFollower]) -> None:
    said = IncidentFollower(name="canvasses", closing=partial(_say, "One canvass ends."))
    for _each in range(2):
        followers.register(said)
    assert hooks.told_closing(Incident()) == ["One canvass ends."]
    with pytest.raises(ValueError, match="canvasses"):
        followers.register(IncidentFollower(name="canvasses"))


def test_what_is_above_ends_before_what_it_rests_on(followers: Contract[IncidentFollower]) -> None:
    ended: list[str] = []
    for name in ("canvasses", "views"):
        followers.register(IncidentFollower(name=name, closed=partial(_note, ended, name)))
    followers.register(IncidentFollower(name="nothing_to_end"))
    hooks.incident_closed(Incident(), VISITOR)
    assert ended == ["views", "canvasses"]


def _note(ended: list[str], name: str, *_told: object) -> None:
    ended.append(name)


def _say(text: str, _incident: Incident) -> list[str]:
    return [text]
