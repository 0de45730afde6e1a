"""A hook: what lower code asks of code above it, which answers at the start."""

from typing import Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured

Contract = TypeVar("Contract")


class Hook(Generic[Contract]):
    """A contract, and its one answer. name: as its module and it are called, for whoever forgets to answer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._answer: Contract | None = None

    def register(self, answer: Contract) -> None:
        """Answer the contract. Doing it twice has one effect."""
        self._answer = answer

    @property
    def answer(self) -> Contract:
        """Return the answer. Raises ImproperlyConfigured for none."""
        if self._answer is None:
            raise ImproperlyConfigured(f"Nobody answers {self.name}.")
        return self._answer
