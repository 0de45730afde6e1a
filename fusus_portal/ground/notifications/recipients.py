from dataclasses import dataclass
from typing import Protocol


class Recipient(Protocol):
    """A person to write to: an account, a registrant, or another. email: "" for none."""

    @property
    def email(self) -> str:
        """The e-mail address."""

    @property
    def language(self) -> str:
        """The person's language."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An address and language without an account."""

    email: str
    language: str
