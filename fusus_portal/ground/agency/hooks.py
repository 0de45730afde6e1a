from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

from fusus_portal.ground.hooks import Contract
from fusus_portal.ground.notifications.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Words:
    """A text on which people rely.

    name: a kind of document, or `PROMISES`. relied: the people who rely on the version in force. news: changes of a
    version, a sentence each, in the active language. number, page: latest version and URL name of a text in the code; a
    document has an address for each version.
    """

    name: str
    label: str | Promise
    relied: Callable[[], Iterable[Recipient]]
    news: Callable[[int], list[str]]
    number: int = 0
    page: str = ""


words: Final[Contract[Words]] = Contract()
