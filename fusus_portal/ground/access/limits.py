"""Named limits: how often somebody may do something. Closed, not open, when the count can't be kept."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from redis import Redis
from redis.exceptions import RedisError

from fusus_portal.ground.access.source import network_of

Key = Callable[[HttpRequest], str]
View = Callable[..., HttpResponseBase]
SECONDS: Final = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
ONE_LESS: Final = "return redis.call('exists', KEYS[1]) == 1 and redis.call('decr', KEYS[1])"
"""A count whose window ended meanwhile is not there any more; one below zero, made anew, would never end."""
_NOW: Final[Counter[str]] = Counter()
_LOCK: Final = Lock()


class TooManyRequests(Exception):
    """Too often in too short a time (HTTP 429)."""


class TooManyAtOnce(TooManyRequests):
    """Too often at the same moment."""


class CannotCount(Exception):
    """The shared count is out of reach, so nothing that is limited happens (HTTP 503)."""


def limit(name: str, rate: str, key: Key = network_of) -> Callable[[View], View]:
    """Let each `key` use the view so often: rate "20/m" is 20 times a minute (s, m, h, d).

    Only requests that change something count; reading a form is free.
    """
    parse(rate)

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                spend(name, rate, key(request))
            return view(request, *args, **kwargs)

        return limited

    return decorate


def account_of(request: HttpRequest) -> str:
    """Return what limits of signed-in people count by: whoever shares a network, a library for one, shares no limit."""
    return str(request.user.pk)


@contextmanager
def at_once(name: str, most: int, key: str) -> Iterator[None]:
    """Let each `key` do what takes long so many times at the same moment, in this process. Raises TooManyAtOnce."""
    place = f"{name}:{key}"
    with _LOCK:
        if _NOW[place] >= most:
            raise TooManyAtOnce(name)
        _NOW[place] += 1
    try:
        yield
    finally:
        with _LOCK:
            _NOW[place] -= 1
            if not _NOW[place]:
                del _NOW[place]


def spend(name: str, rate: str, key: str) -> None:
    """Count one use by `key`. Raises TooManyRequests past the rate, CannotCount when the cache is down."""
    allowed, seconds = parse(rate)
    try:
        used = _used(_place(name, key), seconds)
    except (RedisError, OSError) as error:
        raise CannotCount(name) from error
    if used > allowed:
        raise TooManyRequests(name)


def give_back(name: str, key: str) -> None:
    """Take back one use by `key` that turned out to be none. Raises CannotCount when the cache is down."""
    try:
        _server(settings.REDIS_URL).eval(ONE_LESS, 1, _place(name, key))
    except (RedisError, OSError) as error:
        raise CannotCount(name) from error


def _place(name: str, key: str) -> str:
    return f"limit:{name}:{key}"


def _used(place: str, seconds: int) -> int:
    """Count one more and return how many there are. The cache's own way would take three questions for it."""
    both = _server(settings.REDIS_URL).pipeline()
    both.set(place, 0, ex=seconds, nx=True)  # sets the end of the window once
    both.incr(place)
    return int(both.execute()[1])


@lru_cache(maxsize=2)
def _server(address: str) -> Redis:
    return Redis.from_url(address)


def parse(rate: str) -> tuple[int, int]:
    """Return how many times in how many seconds. Raises ValueError for what is no rate."""
    amount, slash, unit = rate.partition("/")
    if not slash or unit[-1:] not in SECONDS:
        raise ValueError(f"{rate!r} is no rate such as 20/m")
    return int(amount), int(unit[:-1] or 1) * SECONDS[unit[-1]]
