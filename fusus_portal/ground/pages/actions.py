"""Buttons: what can be done now, and for the rest the sentence that says why not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """One button. reason: why it can't be used now, "" when it can. is_link: leads to a page, changes nothing.

    quiet: a link that is not the page's main one.
    """

    name: str
    label: str
    url: str
    reason: str = ""
    is_link: bool = False
    primary: bool = False
    quiet: bool = False
