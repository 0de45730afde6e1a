"""Lanes: threads and connections of the database apart, so that what is urgent never waits behind what is slow.

A view says with a mark which lane it is served in; without one it is a page.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
LANE: Final = "lane"
LANE_OF_BODY: Final = "lane_of_body"
_here = threading.local()


class Lane(StrEnum):
    """What is served apart.

    URGENT: pause, end of a view, live view, short calls of devices, health. PAGES: everything that has no mark.
    VIDEO: pieces of live video that COREs send. FILES: footage that is sent, and files that are fetched.
    """

    URGENT = "urgent"
    PAGES = "pages"
    VIDEO = "video"
    FILES = "files"

    @property
    def has_urgent_database(self) -> bool:
        """Whether its threads use the connections of the database that are kept for what is urgent."""
        return self in {Lane.URGENT, Lane.VIDEO}

    @property
    def takes_long(self) -> bool:
        """Whether its threads wait for the lines of others: for minutes, or hours."""
        return self in {Lane.VIDEO, Lane.FILES}


@dataclass(frozen=True, slots=True)
class Way:
    """How a request is served: in which lane, and whether its thread reads the body from the line.

    Otherwise the thread gets it when it is whole.
    """

    lane: Lane
    reads_line: bool = False


def urgent(view: View) -> View:
    """Serve a view apart from everything that may be slow."""
    return _marked(view, LANE, Lane.URGENT)


def as_page(view: View) -> View:
    """Serve a view as a page, though others of its kind are urgent: it takes a while."""
    return _marked(view, LANE, Lane.PAGES)


def sends_files(view: View) -> View:
    """Serve a view whose answer is a file of any size."""
    return _marked(view, LANE, Lane.FILES)


def takes_files(view: View) -> View:
    """Serve a view that reads bodies of any size as they come. It asks who sends before it reads."""
    return _marked(view, LANE_OF_BODY, Lane.FILES)


def takes_video(view: View) -> View:
    """Serve a view that reads live video as it comes. It asks who sends before it reads."""
    return _marked(view, LANE_OF_BODY, Lane.VIDEO)


def way_of(view: Callable[..., Any], *, has_body: bool) -> Way:
    """Return how a request for this view is served."""
    if has_body and isinstance(lane := getattr(view, LANE_OF_BODY, None), Lane):
        return Way(lane, reads_line=True)
    lane = getattr(view, LANE, None)
    return Way(lane if isinstance(lane, Lane) else Lane.PAGES)


def is_marked(view: Callable[..., Any]) -> bool:
    """Return whether a view says how it is served."""
    return hasattr(view, LANE) or hasattr(view, LANE_OF_BODY)


def current() -> Lane | None:
    """Return the lane of this thread; None outside of the web server."""
    return getattr(_here, "lane", None)


def enter(lane: Lane) -> None:
    """Make this a thread of a lane, for as long as it lives."""
    _here.lane = lane


def _marked(view: View, name: str, lane: Lane) -> View:
    setattr(view, name, lane)
    return view
