"""A test picture that shows when it was made: to people by a clock, to programs in black and white squares."""

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from integration.reference import scenery


class Part(NamedTuple):
    """A rectangle of the sheet, in pixels at full size. Its sides are even at half the size, as video's color needs."""

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
_LAYERS: Final = 9


def source(now: datetime, *, rate: int = PER_SECOND, paced: bool = True) -> list[str]:
    """Return ffmpeg's options for the test picture from `now` on. paced: in real time, else as fast as possible."""
    seconds = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
    size = WIDTH / scenery.WIDTH
    # A camera read all day would drift: ask the wall's clock at each frame.
    clock = f"(time(0)-{now.timestamp() - seconds:.3f})" if paced else f"(t+{seconds:.3f})"
    copies = "".join(f"[part{number}]" for number in range(_LAYERS))
    sheet = f"movie=filename={_escaped(str(kept_sheet(now, size)))},format=yuva420p,loop=loop=-1:size=1"
    sheet += f",settb=1/{rate},setpts=N,fps={rate},split={_LAYERS}{copies}"
    whole = ";".join([sheet, *_layers(size, clock), _squares(clock)])
    return [*(["-re"] if paced else []), "-f", "lavfi", "-i", whole]


def _layers(size: float, clock: str) -> list[str]:
    """Return the street and the parts over it, from far to near. They follow the time of day, so that a restart fits.

    Each part has its left and top in the picture, and how many widths to the right, and heights down, to cut it from.
    """
    parts = [
        (FAR_CAR, f"1280-440*mod({clock}+4,19)", 416, "0", "0"),
        (NEAR_CAR, f"-480+520*mod({clock},13)", 430, "0", "0"),
        (WALKER, f"1280-84*mod({clock}+6,31)", 468, f"mod(floor({clock}*7.5),{scenery.PHASES})", "0"),
        (POST, "40", 0, "0", "0"),
        (DATE, "24", 0, "0", f"floor({clock}/{_DAY})"),
    ]
    for place, unit in enumerate((f"mod({clock}/3600,24)", f"mod({clock}/60,60)", f"mod({clock},60)")):
        row, column = f"floor(floor({unit})/{NUMBERS_IN_A_ROW})", f"mod(floor({unit}),{NUMBERS_IN_A_ROW})"
        parts.append((NUMBER, str(CLOCK_LEFT + 56 * place), 0, column, row))
    chain = [f"[part0]{_cut(STREET, size)},format=yuv420p[over0]"]
    for number, (part, x, y, right, down) in enumerate(parts, start=1):
        piece = f"[piece{number}]"
        chain.append(f"[part{number}]{_cut(part, size, right, down)}{piece}")
        chain.append(f"[over{number - 1}]{piece}overlay=x='{size}*({x})':y={y * size:.0f}[over{number}]")
    return chain


def _cut(part: Part, size: float, right: str = "0", down: str = "0") -> str:
    left, top, width, height = (round(each * size) for each in part)
    return f"crop={width}:{height}:'{left}+{width}*{right}':'{top}+{height}*{down}'"


def _squares(clock: str) -> str:
    left, top = SQUARES_AT
    tenth = f"floor(mod({clock},{_DAY})*10)"
    boxes = [_box(Part(left - 4, top - 4, BITS * SQUARE + 8, SQUARE + 8), "black")]
    for place, bit in enumerate(reversed(range(BITS))):
        square = _box(Part(left + place * SQUARE, top, SQUARE, SQUARE), "white")
        boxes.append(f"{square}:enable='mod(floor({tenth}/{2**bit}),2)'")
    return f"[over{_LAYERS - 1}]{','.join(boxes)}"


def _box(place: Part, color: str) -> str:
    left, top, width, height = place
    return f"drawbox=x={left}:y={top}:w={width}:h={height}:color={color}:t=fill"


def _escaped(path: str) -> str:
    """Return a path as the option of a filter in ffmpeg's graph, escaped for the option and for the graph."""
    option = re.sub(r"([\\':])", r"\\\1", path)
    return re.sub(r"([\\'\[\],;])", r"\\\1", option)
