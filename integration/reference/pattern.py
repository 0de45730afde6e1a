"""A test picture that shows when it was made: to people by a clock, to programs in black and white squares."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from integration.reference import scenery


class Part(NamedTuple):
    """A rectangle of the sheet, in units of the street. Its sides are even at half the size, as video's color needs."""

    left: int
    top: int
    width: int
    height: int


STREET: Final = Part(0, 0, scenery.WIDTH, scenery.HEIGHT)
POST: Final = Part(scenery.WIDTH, 0, scenery.POST_WIDTH, scenery.HEIGHT)
NEAR_CAR: Final = Part(0, 720, scenery.CAR_WIDTH, scenery.CAR_HEIGHT)
FAR_CAR: Final = Part(480, 720, 400, 100)
WALKER: Final = Part(0, 840, scenery.WALKER_WIDTH, scenery.WALKER_HEIGHT)
"""The first of the walker's phases, which are side by side."""

DATE: Final = Part(720, 840, 168, 40)
"""The day on which the picture begins; the next day is below it."""

NUMBER: Final = Part(0, 976, 40, 40)
"""The first of the clock's numbers from 0 to 59, in rows of thirty."""

NUMBERS_IN_A_ROW: Final = 30
CLOCK_LEFT: Final = 208
_HEIGHT: Final = 1056
_FAR: Final = FAR_CAR.width / NEAR_CAR.width
_INK: Final = (244, 246, 248, 255)
_LIGHTS: Final = 8
"""Degrees of darkness for which a sheet is drawn."""

_KEPT: Final = 8
"""Sheets that are kept, since an ffmpeg that was just started still reads an earlier one."""


def kept_sheet(at: datetime, scale: float) -> Path:
    day, dark = at.strftime("%m/%d/%Y"), round(scenery.darkness(at) * _LIGHTS) / _LIGHTS
    folder = Path(_folder().name)
    file = folder / f"{day.replace('/', '-')}-{dark}-{scale}.png"
    if not file.exists():
        for old in sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            old.unlink()
        drawn_sheet(day, dark, scale).save(file, compress_level=1)
    return file


@cache
def _folder() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="test-picture-")


def drawn_sheet(day: str, dark: float, scale: float) -> Image.Image:
    """Return the sheet, a drawing of all parts. day: as 11/28/2026. dark: 0 to 1. scale: 1 for a street 1280 wide."""
    sheet = Image.new("RGBA", (round((STREET.width + POST.width) * scale), round(_HEIGHT * scale)), (0, 0, 0, 0))

    def put(picture: Image.Image, part: Part, right: int = 0) -> None:
        sheet.paste(picture, (round((part.left + right * part.width) * scale), round(part.top * scale)))

    street = scenery.street(scale, dark)
    pen = ImageDraw.Draw(street)
    for x in CLOCK_LEFT + 40, CLOCK_LEFT + 96:
        pen.text(((x + 8) * scale, 20 * scale), ":", _INK, _font(scale), anchor="mm")
    pen.text((1256 * scale, 20 * scale), "Test picture", _INK, _font(scale), anchor="rm")
    put(street, STREET)
    put(scenery.shaded(scenery.post(scale), dark), POST)
    put(scenery.car(scale, (58, 92, 140), dark), NEAR_CAR)
    put(scenery.car(scale * _FAR, (168, 170, 174), dark, to_left=True), FAR_CAR)
    for phase in range(scenery.PHASES):
        put(scenery.walker(scale, phase, dark), WALKER, phase)
    _figures(sheet, day, scale)
    return sheet


def _figures(sheet: Image.Image, day: str, scale: float) -> None:
    pen, font = ImageDraw.Draw(sheet), _font(scale)
    second = datetime.strptime(day, "%m/%d/%Y") + timedelta(days=1)  # noqa: DTZ007  (a day, not a time)
    for place, text in enumerate((day, second.strftime("%m/%d/%Y"))):
        pen.text((DATE.left * scale, (DATE.top + 20 + place * DATE.height) * scale), text, _INK, font, anchor="lm")
    for number in range(60):
        row, column = divmod(number, NUMBERS_IN_A_ROW)
        for place, figure in enumerate(f"{number:02}"):
            middle = NUMBER.left + column * NUMBER.width + 11 + 18 * place
            pen.text((middle * scale, (NUMBER.top + 20 + row * NUMBER.height) * scale), figure, _INK, font, anchor="mm")


def _font(scale: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=30 * scale)


WIDTH, HEIGHT = 640, 360
PER_SECOND = 15

BITS: Final = 20
SQUARE: Final = 8
SQUARES_AT: Final = (472, 344)
"""Left top of the squares: tenths of a second since midnight in binary, the highest bit first; white is one."""

_DAY: Final = 24 * 60 * 60


def source(now: datetime, *, rate: int = PER_SECOND, paced: bool = True) -> list[str]:
    """Return ffmpeg's options for the test picture from `now` on. paced: in real time, else as fast as possible."""
    seconds = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
    size = WIDTH / scenery.WIDTH
    # A camera read all day would drift: ask the wall's clock at each frame.
    clock = f"(time(0)-{now.timestamp() - seconds:.3f})" if paced else f"(t+{seconds:.3f})"
    copies = "".join(f"[part{number}]" for number in range(_Layers.COUNT))
    sheet = f"movie=filename={_escaped(str(kept_sheet(now, size)))},format=yuva420p,loop=loop=-1:size=1"
    sheet += f",settb=1/{rate},setpts=N,fps={rate},split={_Layers.COUNT}{copies}"
    whole = ";".join([sheet, *_Layers(size, clock).chain(), _squares(clock)])
    return [*(["-re"] if paced else []), "-f", "lavfi", "-i", whole]


class _Layers:
    """Moving parts over the street, from far to near. They follow the wall's clock, so that a restart fits."""

    COUNT: Final = 9

    def __init__(self, size: float, clock: str) -> None:
        self.size = size
        self.clock = clock
        self.done = 0

    def chain(self) -> Iterator[str]:
        yield f"[part0]{self._cut(STREET)},format=yuv420p[over0]"
        yield self._lay(FAR_CAR, x=f"1280-440*mod({self.clock}+4,19)", y=416)
        yield self._lay(NEAR_CAR, x=f"-480+520*mod({self.clock},13)", y=430)
        phase = f"mod(floor({self.clock}*7.5),{scenery.PHASES})"
        walker = f"1280-84*mod({self.clock}+6,31)"
        yield self._lay(WALKER, x=walker, y=468, right=phase)
        yield self._lay(POST, x="40", y=0)
        yield self._lay(DATE, x="24", y=0, down=f"floor({self.clock}/{_DAY})")
        units = (f"mod({self.clock}/3600,24)", f"mod({self.clock}/60,60)", f"mod({self.clock},60)")
        for place, unit in enumerate(units):
            number = f"floor({unit})"
            row, column = f"floor({number}/{NUMBERS_IN_A_ROW})", f"mod({number},{NUMBERS_IN_A_ROW})"
            yield self._lay(NUMBER, x=str(CLOCK_LEFT + 56 * place), y=0, right=column, down=row)

    def _lay(self, part: Part, *, x: str, y: int, right: str = "0", down: str = "0") -> str:
        """Lay a part of the sheet over the picture. right, down: how many parts from `part` the one to take is."""
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
    """Return a path as the option of a filter in ffmpeg's graph, escaped for the option and for the graph."""
    option = re.sub(r"([\\':])", r"\\\1", path)
    return re.sub(r"([\\'\[\],;])", r"\\\1", option)
