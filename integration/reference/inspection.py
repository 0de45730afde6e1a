"""Faults of a picture, found in a small gray copy of a key frame every second or so, which is then forgotten.

Black and frozen are as in ffmpeg's blackdetect and freezedetect. Covered is a picture with nearly no edges, compared to
this camera's usual ones.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 320
HEIGHT: Final = 180
LASTS: Final = 20.0
"""Seconds until a fault counts as a problem: a truck before the lens, or a curtain, does not."""

BLACK_LEVEL: Final = 26
BLACK_SHARE: Final = 0.98
STILL: Final = 0.25
"""Average difference of two pictures, of 255 levels, if nothing moves. The noise of a sensor alone is more."""

STILL_ANYWHERE: Final = 2.0
"""Largest difference in any one place: if an encoder swallows the noise, the clock that cameras write in a corner
moves."""

PLACE: Final = 20
BLOCK: Final = 4
PLAIN: Final = 1.5
"""Below this many levels between neighboring blocks, on average, a picture may be covered."""

OF_USUAL: Final = 0.35
USUAL_MOVES: Final = 0.02

Gray = NDArray[np.uint8]
"""A picture of HEIGHT x WIDTH levels from 0 to 255."""


class Inspection:
    """Faults of one camera. lasts: seconds until a fault counts as a problem."""

    def __init__(self, *, lasts: float = LASTS) -> None:
        self.lasts = lasts
        self.problem = ""
        self._usual: float | None = None
        self._seen = ""
        self._since = 0.0
        self._still: Gray | None = None

    def look(self, picture: Gray, *, at: float) -> str:
        """Inspect a picture; return "black", "covered", "frozen", or "". at: seconds of any one clock."""
        seen = self._kind(picture)
        if seen != self._seen:
            self._seen, self._since = seen, at
        if not seen:
            self.problem = ""
        elif at - self._since >= self.lasts:
            self.problem = seen
        return self.problem

    def _kind(self, picture: Gray) -> str:
        edges = detail(picture)
        is_still = self._is_still(picture)
        if float((picture < BLACK_LEVEL).mean()) >= BLACK_SHARE:
            return "black"
        if edges < (PLAIN if self._usual is None else min(PLAIN, OF_USUAL * self._usual)):
            return "covered"
        if is_still:
            return "frozen"
        self._usual = edges if self._usual is None else self._usual + USUAL_MOVES * (edges - self._usual)
        return ""

    def _is_still(self, picture: Gray) -> bool:
        """Compare with the picture at which stillness began, not with the last one: dusk is slow, and no fault."""
        before = self._still
        if before is not None:
            places = _blocks(np.abs(picture.astype(np.int16) - before), PLACE)
            if places.mean() < STILL and places.max() < STILL_ANYWHERE:
                return True
        self._still = picture
        return False


def detail(picture: Gray) -> float:
    """Return how much neighboring blocks of a picture differ, in levels. Blocks, since noise is no detail."""
    blocks = _blocks(picture, BLOCK)
    return float(np.abs(np.diff(blocks, axis=0)).mean() + np.abs(np.diff(blocks, axis=1)).mean())


def _blocks(picture: NDArray[np.integer[Any]], side: int) -> NDArray[np.float64]:
    rows, columns = picture.shape
    means: NDArray[np.float64] = picture.reshape(rows // side, side, columns // side, side).mean(axis=(1, 3))
    return means
