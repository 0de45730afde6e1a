"""Progress of a load, in the cache: the load itself is one transaction."""

from typing import TypedDict

from django.core.cache import cache

PATIENCE_SECONDS = 180
"""A load without progress for so long has lost its worker."""


class Progress(TypedDict):
    name: str
    done: int
    whole: int | None


def note(pk: int, name: str, done: int, whole: int | None) -> None:
    cache.set(_key(pk), Progress(name=name, done=done, whole=whole), PATIENCE_SECONDS)


def of(pk: int) -> Progress | None:
    told: Progress | None = cache.get(_key(pk))
    return told


def forget(pk: int) -> None:
    cache.delete(_key(pk))


def _key(pk: int) -> str:
    return f"streets-{pk}"
