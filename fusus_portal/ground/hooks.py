"""What lower code asks of code above it, which answers at the start: of one, or of all who have something to say."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured

Asked = TypeVar("Asked")


class Hook(Generic[Asked]):
    """A contract, and its one answer. name: as its module and it are called, for whoever forgets to answer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._answer: Asked | None = None

    def register(self, answer: Asked) -> None:
        """Answer the contract. Doing it twice has one effect. Raises ValueError for another answer."""
        if self._answer is not None and self._answer != answer:
            raise ValueError(f"{self.name} has two answers")
        self._answer = answer

    @property
    def answer(self) -> Asked:
        """Return the answer. Raises ImproperlyConfigured for none."""
        if self._answer is None:
            raise ImproperlyConfigured(f"Nobody answers {self.name}.")
        return self._answer


class Named(Protocol):
    """An answer, and whose it is."""

    @property
    def name(self) -> str:
        """Return the noun that answers."""


Answer = TypeVar("Answer", bound=Named)


class Contract(Generic[Answer]):
    """A contract, and all who answer it."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}

    def register(self, answer: Answer) -> None:
        """Add an answer. Doing it twice has one effect. Raises ValueError for another answer of the same name."""
        if self._answers.setdefault(answer.name, answer) != answer:
            raise ValueError(f"two answers are called {answer.name!r}")

    def __iter__(self) -> Iterator[Answer]:
        """Yield the answers in the order in which they were registered."""
        return iter(self._answers.values())
