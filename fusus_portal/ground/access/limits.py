"""Named rate limits. They refuse, not allow, while Valkey can't count."""

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
"""Lua: decrement only an existing key. A key made anew would have no expiry."""
_NOW: Final[Counter[str]] = Counter()
_LOCK: Final = Lock()


class TooManyRequests(Exception):
    """Past a rate limit (HTTP 429)."""


class TooManyAtOnce(TooManyRequests):
    """Past a limit of simultaneous uses."""


class CannotCount(Exception):
    """Valkey, where all processes count, does not answer: limited acts are refused (HTTP 503)."""


def limit(name: str, rate: str, key: Key = network_of) -> Callable[[View], View]:
    """Limit the view's writing requests for each `key`: "20/m" is 20 a minute (s, m, h, d). GET and HEAD are free."""
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
    return str(request.user.pk)


@contextmanager
def at_once(name: str, most: int, key: str) -> Iterator[None]:
    """Allow `most` simultaneous uses for each `key` in this process. Raises TooManyAtOnce."""
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


def try_to_spend(name: str, rate: str, key: str) -> bool:
    """Count one use by `key`; False past the rate. Raises CannotCount."""
    try:
        spend(name, rate, key)
    except TooManyRequests:
        return False
    return True


def give_back(name: str, key: str) -> None:
    """Take back one use that `spend` counted. Raises CannotCount when the cache is down."""
    try:
        _server(settings.REDIS_URL).eval(ONE_LESS, 1, _place(name, key))
    except (RedisError, OSError) as error:
        raise CannotCount(name) from error


def _place(name: str, key: str) -> str:
    return f"limit:{name}:{key}"


def _used(place: str, seconds: int) -> int:
    """Count one use and return the total in one round trip; Django's cache would need three."""
    both = _server(settings.REDIS_URL).pipeline()
    both.set(place, 0, ex=seconds, nx=True)  # sets the end of the window once
    both.incr(place)
    return int(both.execute()[1])


@lru_cache(maxsize=2)
def _server(address: str) -> Redis:
    return Redis.from_url(address)


def parse(rate: str) -> tuple[int, int]:
    """Return (uses, seconds) of a rate such as "20/m". Raises ValueError for a malformed one."""
    amount, slash, unit = rate.partition("/")
    if not slash or unit[-1:] not in SECONDS:
        raise ValueError(f"{rate!r} is no rate such as 20/m")
    return int(amount), int(unit[:-1] or 1) * SECONDS[unit[-1]]
