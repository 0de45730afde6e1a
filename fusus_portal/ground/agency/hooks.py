"""What the agency asks of code above it: which texts people rely on, who does, and what is new in a version."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

from fusus_portal.ground.hooks import Contract
from fusus_portal.ground.notifications.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Words:
    """A text on which people rely.

    name: a kind of document, or `PROMISES`. relied: who relies on the words in force. news: what a version brings, a
    sentence each, in the language of whoever reads. number, page: of a text whose words are in the code, its latest
    version and where it is read; a document is read at its version's own address.
    """

    name: str
    label: str | Promise
    relied: Callable[[], Iterable[Recipient]]
    news: Callable[[int], list[str]]
    number: int = 0
    page: str = ""


words: Final[Contract[Words]] = Contract()
