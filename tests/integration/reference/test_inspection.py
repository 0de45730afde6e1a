"""Pictures that are black, covered or frozen, and those that only look so for a moment or on a quiet night."""

import subprocess
from datetime import datetime

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from integration.reference import pattern
from integration.reference.cameras import HEIGHT, WIDTH, Gray, Inspection

RANDOM = np.random.default_rng(7)


def noisy(picture: Gray, sigma: float = 2.0) -> Gray:
    """Return a picture with the noise of a camera's sensor."""
    return np.clip(picture + RANDOM.normal(0, sigma, picture.shape), 0, 255).astype(np.uint8)


def scene(level: int = 90) -> Gray:
    """Return a wall with a door and windows."""
    picture = np.full((HEIGHT, WIDTH), level, np.uint8)
    picture[60:, 40:90] = level // 2
    for left in range(110, 300, 40):
        picture[40:80, left : left + 20] = min(255, level * 2)
    return picture


def looked(pictures: list[Gray], *, lasts: float = 20.0, begun: Inspection | None = None) -> list[str]:
    """Return what is said of a picture each second."""
    inspection = begun or Inspection(lasts=lasts)
    return [inspection.look(picture, at=float(second)) for second, picture in enumerate(pictures)]


@pytest.mark.parametrize(
    ("problem", "shows"),
    [
        ("black", lambda: noisy(np.full((HEIGHT, WIDTH), 4, np.uint8))),
        ("covered", lambda: noisy(np.full((HEIGHT, WIDTH), 60, np.uint8))),
        ("frozen", scene),
    ],
)
def test_it_is_a_problem_when_it_lasts_and_none_once_it_is_over(problem: str, shows: object) -> None:
    assert callable(shows)
    well = [noisy(scene()) for _second in range(5)]
    said = looked([*well, *(shows() for _second in range(25)), noisy(scene())])
    assert said[:25] == [""] * 25
    # What stands still has a first look to be compared with.
    assert said[26:30] == [problem] * 4
    assert said[30] == ""


def test_a_truck_before_the_lens_is_no_problem() -> None:
    truck = [noisy(np.full((HEIGHT, WIDTH), 60, np.uint8)) for _second in range(19)]
    assert not any(looked([noisy(scene()), *truck, noisy(scene())]))


def test_a_quiet_scene_is_not_frozen_by_the_noise_of_its_sensor() -> None:
    assert not any(looked([noisy(scene(), 1.0) for _second in range(60)]))


def test_nor_where_the_encoder_swallows_the_noise_but_the_clock_in_the_corner_moves() -> None:
    pictures = []
    for second in range(60):
        picture = scene()
        picture[4:14, 4 + second % 10 : 8 + second % 10] = 255
        pictures.append(picture)
    assert not any(looked(pictures))


def test_dusk_is_slow_and_no_fault() -> None:
    assert not any(looked([scene(200 - second // 2) for second in range(120)]))


def test_a_dark_street_with_lamps_is_not_black() -> None:
    night = np.full((HEIGHT, WIDTH), 8, np.uint8)
    night[20:40, 30:60] = night[100:140, 200:260] = 180
    assert not any(looked([noisy(night) for _second in range(60)]))


def test_a_plain_wall_that_always_was_one_is_judged_by_what_is_usual_there() -> None:
    wall = np.full((HEIGHT, WIDTH), 120, np.uint8)
    wall[:, 150:156] = 60
    assert not any(looked([noisy(wall) for _second in range(60)]))


@pytest.mark.parametrize("hour", [3, 13])
def test_the_street_of_the_test_picture_is_well_by_day_and_at_night(hour: int) -> None:
    source = pattern.source(datetime(2026, 6, 15, hour, 5).astimezone(), paced=False)
    shape = f"fps=1,scale={WIDTH}:{HEIGHT},format=gray"
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, "-t", "40", "-vf", shape]
    raw = subprocess.run([*command, "-f", "rawvideo", "pipe:1"], capture_output=True, check=True).stdout
    pictures = list(np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH))
    assert len(pictures) >= 39
    assert not any(looked(pictures))
