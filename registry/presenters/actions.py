"""Buttons: what can be done now, and for the rest the sentence that says why not."""

from collections.abc import Callable
from dataclasses import dataclass

from registry.policies import why_not


@dataclass(frozen=True, slots=True)
class Action:
    """One button. reason: why it can't be used now, "" when it can. is_link: leads to a page, changes nothing."""

    name: str
    label: str
    url: str
    reason: str = ""
    is_link: bool = False
    primary: bool = False


def action(
    name: str, label: str, url: str, *checks: Callable[[], object], is_link: bool = False, primary: bool = False
) -> Action:
    """Return a button whose reason is that of the first of `checks` that refuses."""
    reason = next(filter(None, map(why_not, checks)), "")
    return Action(name, label, url, reason, is_link, primary)
