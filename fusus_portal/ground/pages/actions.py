from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """A button. reason: for a disabled one, else "". is_link: a link that changes nothing. quiet: a secondary link."""

    name: str
    label: str
    url: str
    reason: str = ""
    is_link: bool = False
    primary: bool = False
    quiet: bool = False
