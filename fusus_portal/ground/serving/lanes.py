"""Lanes: separate threads and database connections, so that urgent requests never wait behind slow ones."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

View = TypeVar("View", bound=Callable[..., Any])
LANE: Final = "lane"
LANE_OF_BODY: Final = "lane_of_body"
_here = threading.local()


class Lane(StrEnum):
    """A group of requests with its own threads.

    URGENT: pauses of cameras, ends of views, live view, short calls of devices, health. PAGES: views without a mark.
    VIDEO: live video from COREs. FILES: uploads of footage, and downloads.
    """

    URGENT = "urgent"
    PAGES = "pages"
    VIDEO = "video"
    FILES = "files"

    @property
    def has_urgent_database(self) -> bool:
        """True if the lane's threads use the database connections reserved for urgent requests."""
        return self in {Lane.URGENT, Lane.VIDEO}

    @property
    def takes_long(self) -> bool:
        """True if the lane's threads wait for slow clients, for minutes or hours."""
        return self in {Lane.VIDEO, Lane.FILES}


@dataclass(frozen=True, slots=True)
class Route:
    """A request's lane. reads_line: True if its thread reads the body as it arrives, False if the loop collects it."""

    lane: Lane
    reads_line: bool = False


def urgent(view: View) -> View:
    return _marked(view, LANE, Lane.URGENT)


def as_page(view: View) -> View:
    """Serve a view in the lane of pages although others of its kind are urgent: it takes a while."""
    return _marked(view, LANE, Lane.PAGES)


def sends_files(view: View) -> View:
    """Serve a view in the lane of files: its answer is a file of any size."""
    return _marked(view, LANE, Lane.FILES)


def takes_files(view: View) -> View:
    """Serve a view in the lane of files if a body comes, of any size, read on arrival. It checks the sender first."""
    return _marked(view, LANE_OF_BODY, Lane.FILES)


def takes_video(view: View) -> View:
    """Serve a view in the lane of video if a body comes, read on arrival. It checks the sender first."""
    return _marked(view, LANE_OF_BODY, Lane.VIDEO)


def way_of(view: Callable[..., Any], *, has_body: bool) -> Route:
    if has_body and isinstance(lane := getattr(view, LANE_OF_BODY, None), Lane):
        return Route(lane, reads_line=True)
    lane = getattr(view, LANE, None)
    return Route(lane if isinstance(lane, Lane) else Lane.PAGES)


def current() -> Lane | None:
    """Return this thread's lane; None outside the web server."""
    return getattr(_here, "lane", None)


def enter(lane: Lane) -> None:
    _here.lane = lane


def _marked(view: View, name: str, lane: Lane) -> View:
    setattr(view, name, lane)
    return view


def way_to(path: str, *, has_body: bool) -> Route:
    try:
        return way_of(_marked_routes().resolve(unquote(path)).func, has_body=has_body)
    except Resolver404:
        return Route(Lane.PAGES)


@cache
def _marked_routes() -> URLResolver:
    """Return the URL patterns of marked views only: some forty to search for each request."""
    return URLResolver(RegexPattern(r"^/"), list(_marked_patterns(get_resolver().url_patterns)))


def _marked_patterns(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if hasattr(pattern.callback, LANE) or hasattr(pattern.callback, LANE_OF_BODY):
                yield pattern
        elif kept := list(_marked_patterns(pattern.url_patterns)):
            yield URLResolver(pattern.pattern, kept)
