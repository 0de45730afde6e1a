"""The test picture goes by the clock: its time code, day and night, and who passes by."""

import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image, ImageChops, ImageStat

from integration.reference import pattern

NOON = datetime(2026, 11, 28, 12, 0)  # noqa: DTZ001  (the wall's clock)
NIGHT = NOON.replace(hour=23)
NOBODY = NOON + timedelta(seconds=30)
"""Nobody passes by at that moment."""

ROAD, SIDEWALK, SKY = (60, 224, 640, 274), (60, 276, 640, 300), (60, 30, 640, 90)
CODED = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-f", "mpegts"]


def frames(at: datetime, *, seconds: float = 0.1, rate: int = 10) -> list[Image.Image]:
    """Return the pictures of some seconds, after a camera's coding and in gray."""
    made = pattern.source(at, rate=rate, paced=False)
    program = [get_ffmpeg_exe(), "-nostdin", "-v", "error"]
    coded = subprocess.run([*program, *made, "-t", str(seconds), *CODED, "pipe:1"], capture_output=True, check=True)
    raw = ["-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"]
    shown = subprocess.run([*program, "-i", "pipe:0", *raw], input=coded.stdout, capture_output=True, check=True).stdout
    size = pattern.WIDTH, pattern.HEIGHT
    each = size[0] * size[1]
    return [Image.frombytes("L", size, shown[place : place + each]) for place in range(0, len(shown), each)]


def differs(one: Image.Image, other: Image.Image, part: tuple[int, int, int, int]) -> float:
    """Return how much a part of two pictures differs on average, of 255."""
    return ImageStat.Stat(ImageChops.difference(one.crop(part), other.crop(part))).mean[0]


def tenths_of(picture: Image.Image) -> int:
    left, top = pattern.SQUARES_AT
    middles = [(left + (place + 0.5) * pattern.SQUARE, top + pattern.SQUARE / 2) for place in range(pattern.BITS)]
    shown = ["1" if picture.getpixel((int(x), int(y))) > 127 else "0" for x, y in middles]  # type: ignore[operator]
    return int("".join(shown), 2)


@pytest.mark.parametrize("at", [NOON, NIGHT])
def test_a_program_reads_its_time_by_day_and_at_night(at: datetime) -> None:
    begins = at.hour * 36_000
    shown = [tenths_of(picture) for picture in frames(at, seconds=1.2)]
    assert shown == list(range(begins, begins + 12))


def test_a_new_start_shows_what_the_old_one_would_show() -> None:
    begin = NOON.replace(hour=23, minute=59, second=57)
    later = frames(begin, seconds=4.1)[40]
    fresh = frames(begin + timedelta(seconds=4))[0]
    writing = (0, 0, 640, 20)
    assert differs(later, fresh, writing) < 1.5, "date and time go on over midnight"
    assert differs(later, fresh, (60, 20, 640, 332)) < 8
    assert differs(later, frames(begin)[0], writing) > 2
    assert tenths_of(later) == tenths_of(fresh) == 10, "the squares begin anew at midnight"


def test_a_paced_picture_says_what_time_it_is_however_long_it_runs() -> None:
    """The wall's clock counts, and not when it was begun."""
    begun = datetime.now().astimezone() - timedelta(minutes=7)
    program = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *pattern.source(begun), "-frames:v", "1"]
    raw = subprocess.run([*program, "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"], capture_output=True, check=True)
    now = datetime.now().astimezone()
    said = tenths_of(Image.frombytes("L", (pattern.WIDTH, pattern.HEIGHT), raw.stdout)) / 10
    assert (now.hour * 3600 + now.minute * 60 + now.second + 1 - said) % 86_400 < 30


def test_it_is_darker_at_dusk_and_dark_at_night() -> None:
    light = [ImageStat.Stat(frames(at)[0]).mean[0] for at in (NOON, NOON.replace(hour=18, minute=12), NIGHT)]
    assert light[0] > 1.2 * light[1] > 1.8 * light[2]


def test_cars_and_somebody_pass_by_and_the_rest_stays() -> None:
    film = frames(NOBODY, seconds=32, rate=2)
    moved = {part: [differs(film[0], picture, part) > 1.5 for picture in film] for part in (ROAD, SIDEWALK, SKY)}
    assert 0.2 < sum(moved[ROAD]) / len(film) < 0.8
    assert 0.2 < sum(moved[SIDEWALK]) / len(film) < 0.8
    assert not any(moved[SKY])


def test_few_sheets_are_kept_and_in_any_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a [b], 'c;d: e"
    folder.mkdir()
    monkeypatch.setattr(pattern, "_folder", lambda: SimpleNamespace(name=str(folder)))
    for day in range(12):
        assert frames(NOON + timedelta(days=day))
    assert len(list(folder.iterdir())) < 12
