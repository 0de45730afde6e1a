"""Hooks, by which lower code asks code above it: one answer (Hook) or several (Contract)."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured

Asked = TypeVar("Asked")


class Hook(Generic[Asked]):
    def __init__(self, name: str) -> None:
        self.name = name
        self._answer: Asked | None = None

    def register(self, answer: Asked) -> None:
        """Register the answer; repeating it is harmless. Raises ValueError for a different one."""
        if self._answer is not None and self._answer != answer:
            raise ValueError(f"{self.name} has two answers")
        self._answer = answer

    @property
    def answer(self) -> Asked:
        if self._answer is None:
            raise ImproperlyConfigured(f"Nobody answers {self.name}.")
        return self._answer


def nothing(*_told: object) -> None:
    """Do nothing, as an answer to a part of a contract."""


def no_lines(_row: object) -> list[str]:
    return []


class Named(Protocol):
    """An answer to a Contract, named after the noun that gives it."""

    @property
    def name(self) -> str: ...


Answer = TypeVar("Answer", bound=Named)


class Contract(Generic[Answer]):
    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}

    def register(self, answer: Answer) -> None:
        """Add a noun's answer; repeating it is harmless. Raises ValueError for a different one of the same name."""
        if self._answers.setdefault(answer.name, answer) != answer:
            raise ValueError(f"two answers are called {answer.name!r}")

    def __iter__(self) -> Iterator[Answer]:
        return iter(self._answers.values())
