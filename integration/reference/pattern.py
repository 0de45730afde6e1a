"""A test picture that shows when it was made: to people by a clock, to a program in black and white squares."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from integration.reference import passers, scenery, sheet
from integration.reference.sheet import Part

WIDTH, HEIGHT = 640, 360
PER_SECOND = 15

BITS: Final = 20
SQUARE: Final = 8
SQUARES_AT: Final = (472, 344)
"""Tenths of a second since midnight in binary, the highest bit first, from here to the right; white is one."""

_DAY: Final = 24 * 60 * 60


def source(now: datetime, *, rate: int = PER_SECOND, paced: bool = True) -> list[str]:
    """Return ffmpeg's options for the picture from `now` on. paced: as a camera gives it; else as fast as possible."""
    seconds = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
    size = WIDTH / scenery.WIDTH
    # A camera read all day would drift: ask the wall's clock at each frame.
    clock = f"(time(0)-{now.timestamp() - seconds:.3f})" if paced else f"(t+{seconds:.3f})"
    whole = ";".join([_sheet(now, size, rate), *_Layers(size, clock).chain(), _squares(clock)])
    return [*(["-re"] if paced else []), "-f", "lavfi", "-i", whole]


def tenths(is_white: list[bool]) -> int:
    """Return the time of squares, in tenths of a second since midnight."""
    return int("".join("1" if each else "0" for each in is_white), 2)


def _sheet(now: datetime, size: float, rate: int) -> str:
    copies = "".join(f"[part{number}]" for number in range(_Layers.COUNT))
    once = f"movie=filename={_escaped(str(sheet.kept(now, size)))},format=yuva420p,loop=loop=-1:size=1"
    return f"{once},settb=1/{rate},setpts=N,fps={rate},split={_Layers.COUNT}{copies}"


class _Layers:
    """Layers over the street, from far to near. All follow the wall's clock, so that a new start fits."""

    COUNT: Final = 9

    def __init__(self, size: float, clock: str) -> None:
        self.size = size
        self.clock = clock
        self.done = 0

    def chain(self) -> Iterator[str]:
        yield f"[part0]{self._cut(sheet.STREET)},format=yuv420p[over0]"
        yield self._lay(sheet.FAR_CAR, x=f"1280-440*mod({self.clock}+4,19)", y=416)
        yield self._lay(sheet.NEAR_CAR, x=f"-480+520*mod({self.clock},13)", y=430)
        phase = f"mod(floor({self.clock}*7.5),{passers.PHASES})"
        walker = f"1280-84*mod({self.clock}+6,31)"
        yield self._lay(sheet.WALKER, x=walker, y=468, right=phase)
        yield self._lay(sheet.POST, x="40", y=0)
        yield self._lay(sheet.DATE, x="24", y=0, down=f"floor({self.clock}/{_DAY})")
        units = (f"mod({self.clock}/3600,24)", f"mod({self.clock}/60,60)", f"mod({self.clock},60)")
        for place, unit in enumerate(units):
            number = f"floor({unit})"
            row, column = f"floor({number}/{sheet.NUMBERS_IN_A_ROW})", f"mod({number},{sheet.NUMBERS_IN_A_ROW})"
            yield self._lay(sheet.NUMBER, x=str(sheet.CLOCK_LEFT + 56 * place), y=0, right=column, down=row)

    def _lay(self, part: Part, *, x: str, y: int, right: str = "0", down: str = "0") -> str:
        """Lay a part of the sheet over the picture. right, down: parts from the first one."""
        self.done += 1
        under, over = f"[over{self.done - 1}]", f"[over{self.done}]"
        piece = f"[piece{self.done}]"
        cut = f"[part{self.done}]{self._cut(part, right, down)}{piece}"
        return f"{cut};{under}{piece}overlay=x='{self.size}*({x})':y={y * self.size:.0f}{over}"

    def _cut(self, part: Part, right: str = "0", down: str = "0") -> str:
        left, top, width, height = (round(each * self.size) for each in part)
        return f"crop={width}:{height}:'{left}+{width}*{right}':'{top}+{height}*{down}'"


def _squares(clock: str) -> str:
    left, top = SQUARES_AT
    tenth = f"floor(mod({clock},{_DAY})*10)"
    boxes = [_box(Part(left - 4, top - 4, BITS * SQUARE + 8, SQUARE + 8), "black")]
    for place, bit in enumerate(reversed(range(BITS))):
        square = _box(Part(left + place * SQUARE, top, SQUARE, SQUARE), "white")
        boxes.append(f"{square}:enable='mod(floor({tenth}/{2**bit}),2)'")
    return f"[over{_Layers.COUNT - 1}]{','.join(boxes)}"


def _box(place: Part, color: str) -> str:
    left, top, width, height = place
    return f"drawbox=x={left}:y={top}:w={width}:h={height}:color={color}:t=fill"


def _escaped(path: str) -> str:
    """Return a path as the option of a filter in a graph, with the special characters of both escaped."""
    option = re.sub(r"([\\':])", r"\\\1", path)
    return re.sub(r"([\\'\[\],;])", r"\\\1", option)
