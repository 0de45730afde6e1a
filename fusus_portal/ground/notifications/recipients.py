"""Who can be written to."""

from dataclasses import dataclass
from typing import Protocol


class Recipient(Protocol):
    """A person who can be written to: an account, a registrant, whoever else has an address. email: "" for none."""

    @property
    def email(self) -> str:
        """Where mail reaches them."""

    @property
    def language(self) -> str:
        """In which language they read."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of whom nothing is known but how to write to them."""

    email: str
    language: str
