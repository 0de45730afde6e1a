"""The sheet of the test picture: the street, its moving parts, and the figures of the clock."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from integration.reference import passers, scenery


class Part(NamedTuple):
    """A rectangle of the sheet, in units of the street; even at half the size, as the color of video wants it."""

    left: int
    top: int
    width: int
    height: int


STREET: Final = Part(0, 0, scenery.WIDTH, scenery.HEIGHT)
POST: Final = Part(scenery.WIDTH, 0, scenery.POST_WIDTH, scenery.HEIGHT)
NEAR_CAR: Final = Part(0, 720, passers.CAR_WIDTH, passers.CAR_HEIGHT)
FAR_CAR: Final = Part(480, 720, 400, 100)
WALKER: Final = Part(0, 840, passers.WALKER_WIDTH, passers.WALKER_HEIGHT)
"""The first of its phases, which are side by side."""

DATE: Final = Part(720, 840, 168, 40)
"""The day on which the picture begins, and below it the day after."""

NUMBER: Final = Part(0, 976, 40, 40)
"""The first of the numbers from 0 to 59, in rows of thirty."""

NUMBERS_IN_A_ROW: Final = 30
CLOCK_LEFT: Final = 208
_HEIGHT: Final = 1056
_FAR: Final = FAR_CAR.width / NEAR_CAR.width
_INK: Final = (244, 246, 248, 255)
_LIGHTS: Final = 8
"""Degrees of darkness that are drawn."""

_KEPT: Final = 8
"""Sheets that are kept, as an ffmpeg that has just been started still reads its own."""


def kept(at: datetime, scale: float) -> Path:
    day, dark = at.strftime("%m/%d/%Y"), round(scenery.darkness(at) * _LIGHTS) / _LIGHTS
    folder = Path(_folder().name)
    file = folder / f"{day.replace('/', '-')}-{dark}-{scale}.png"
    if not file.exists():
        for old in sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            old.unlink()
        drawn(day, dark, scale).save(file, compress_level=1)
    return file


@cache
def _folder() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="test-picture-")


def drawn(day: str, dark: float, scale: float) -> Image.Image:
    """Return the sheet. day: as 11/28/2026. dark: from 0 to 1. scale: 1 for a picture 1280 wide."""
    sheet = Image.new("RGBA", (round((STREET.width + POST.width) * scale), round(_HEIGHT * scale)), (0, 0, 0, 0))

    def put(picture: Image.Image, part: Part, right: int = 0) -> None:
        sheet.paste(picture, (round((part.left + right * part.width) * scale), round(part.top * scale)))

    put(_labelled(scenery.street(scale, dark), scale), STREET)
    put(scenery.shaded(scenery.post(scale), dark), POST)
    put(passers.car(scale, (58, 92, 140), dark), NEAR_CAR)
    put(passers.car(scale * _FAR, (168, 170, 174), dark, to_left=True), FAR_CAR)
    for phase in range(passers.PHASES):
        put(passers.walker(scale, phase, dark), WALKER, phase)
    _figures(sheet, day, scale)
    return sheet


def _labelled(street: Image.Image, scale: float) -> Image.Image:
    pen = ImageDraw.Draw(street)
    for x in CLOCK_LEFT + 40, CLOCK_LEFT + 96:
        pen.text(((x + 8) * scale, 20 * scale), ":", _INK, _font(scale), anchor="mm")
    pen.text((1256 * scale, 20 * scale), "Test picture", _INK, _font(scale), anchor="rm")
    return street


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
