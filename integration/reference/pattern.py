"""A test picture that says when it was made: to people in figures, to a program in black and white squares.

ffmpeg draws all of it with boxes that it shows at some times, so that no font is needed.
"""

from datetime import datetime
from itertools import product
from typing import Final

WIDTH, HEIGHT = 640, 360
PER_SECOND = 15

BITS: Final = 20
SQUARE: Final = 24
SQUARES_AT: Final = (40, 320)
"""Tenths of a second since midnight in binary, the highest bit first, from here to the right; white is one."""

_FIGURE_AT: Final = (176, 24)
_FIGURE_WIDTH, _FIGURE_HEIGHT, _STROKE = 32, 64, 8
_PITCH: Final = 44
_GAP: Final = 16
_SEGMENTS: Final = {
    # name: x, y, width, height, and the figures in which it is lit
    "top": (0, 0, _FIGURE_WIDTH, _STROKE, "02356789"),
    "top left": (0, 0, _STROKE, _FIGURE_HEIGHT // 2, "045689"),
    "top right": (_FIGURE_WIDTH - _STROKE, 0, _STROKE, _FIGURE_HEIGHT // 2, "01234789"),
    "middle": (0, (_FIGURE_HEIGHT - _STROKE) // 2, _FIGURE_WIDTH, _STROKE, "2345689"),
    "bottom left": (0, _FIGURE_HEIGHT // 2, _STROKE, _FIGURE_HEIGHT // 2, "0268"),
    "bottom right": (_FIGURE_WIDTH - _STROKE, _FIGURE_HEIGHT // 2, _STROKE, _FIGURE_HEIGHT // 2, "013456789"),
    "bottom": (0, _FIGURE_HEIGHT - _STROKE, _FIGURE_WIDTH, _STROKE, "0235689"),
}


def source(now: datetime) -> list[str]:
    """Return what makes ffmpeg read the picture as if a camera gave it, beginning now. now: on the wall's clock."""
    seconds = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
    boxes = ",".join([*_panels(), *_figures(seconds), *_squares(seconds)])
    return ["-re", "-f", "lavfi", "-i", f"testsrc2=size={WIDTH}x{HEIGHT}:rate={PER_SECOND},{boxes}"]


def tenths(is_white: list[bool]) -> int:
    """Return the time that squares say, in tenths of a second since midnight."""
    return int("".join("1" if each else "0" for each in is_white), 2)


def _panels() -> list[str]:
    x, y = _FIGURE_AT
    figures = _box(x - _GAP, y - _GAP, 6 * _PITCH + 4 * _GAP, _FIGURE_HEIGHT + 2 * _GAP, "black")
    left, top = SQUARES_AT
    squares = _box(left - 8, top - 8, BITS * SQUARE + 16, SQUARE + 16, "black")
    return [figures, squares]


def _figures(begin: float) -> list[str]:
    """Hours, minutes and seconds, each by two figures of seven strokes."""
    clock = f"floor(t+{begin:.3f})"
    pairs = [f"mod(floor({clock}/3600),24)", f"mod(floor({clock}/60),60)", f"mod({clock},60)"]
    figures = [figure for pair in pairs for figure in (f"floor({pair}/10)", f"mod({pair},10)")]
    drawn = []
    for (place, figure), (x, y, width, height, lit) in product(enumerate(figures), _SEGMENTS.values()):
        left = _FIGURE_AT[0] + place * _PITCH + place // 2 * _GAP
        is_lit = "+".join(f"eq({figure},{each})" for each in lit)
        drawn.append(_box(left + x, _FIGURE_AT[1] + y, width, height, "white", when=is_lit))
    return drawn


def _squares(begin: float) -> list[str]:
    left, top = SQUARES_AT
    tenth = f"floor((t+{begin:.3f})*10)"
    return [
        _box(left + place * SQUARE, top, SQUARE, SQUARE, "white", when=f"mod(floor({tenth}/{2**bit}),2)")
        for place, bit in enumerate(reversed(range(BITS)))
    ]


def _box(x: int, y: int, width: int, height: int, color: str, *, when: str = "") -> str:
    box = f"drawbox=x={x}:y={y}:w={width}:h={height}:color={color}:t=fill"
    return f"{box}:enable='{when}'" if when else box
