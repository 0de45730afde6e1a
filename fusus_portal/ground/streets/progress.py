"""How far a worker is with a loading: kept in the cache, since the loading itself is one transaction."""

from typing import TypedDict

from django.core.cache import cache

PATIENCE_SECONDS = 180
"""A loading without progress for so long has lost its worker."""


class Progress(TypedDict):
    """Rows or tiles so far of one file, and all of them where that is known."""

    name: str
    done: int
    whole: int | None


def note(pk: int, name: str, done: int, whole: int | None) -> None:
    """Keep how far it is."""
    cache.set(_key(pk), Progress(name=name, done=done, whole=whole), PATIENCE_SECONDS)


def of(pk: int) -> Progress | None:
    """Return how far a loading is, None where no worker is at it."""
    told: Progress | None = cache.get(_key(pk))
    return told


def forget(pk: int) -> None:
    """Forget how far it was: no worker is at it."""
    cache.delete(_key(pk))


def _key(pk: int) -> str:
    return f"streets-{pk}"
