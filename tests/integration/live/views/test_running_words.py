"""Sentences about the video of running views, for the people who oversee views."""

import pytest

from integration.live.presenters import video_figures
from integration.live.video.figures import Figures, Running

LATE = "waits 1.2 s in the relay"


@pytest.mark.parametrize(
    ("running", "said"),
    [
        (None, "Its video comes in pieces, a few seconds late, or not yet."),
        (Running(0.06, 14.6, 812_000, 0), "15 frames a second · 0.8 Mbit/s · waits 0.1 s in the relay"),
        (
            Running(1.24, 3.2, 2_049_000, 1),
            f"3 frames a second · 2.0 Mbit/s · {LATE} · 1 frame left out",
        ),
        (
            Running(0.1, 15, 0, 1200),
            "15 frames a second · 0.0 Mbit/s · waits 0.1 s in the relay · 1,200 frames left out",
        ),
    ],
)
def test_a_line_says_how_the_video_runs(running: Running | None, said: str) -> None:
    assert video_figures(running) == said


def test_what_was_noted_is_not_counted_again() -> None:
    figures = Figures()
    for _frame in range(3):
        figures.add(1000, behind=0.5)
    first, fresh = figures.noted()
    assert (fresh, first.behind, first.frames > 0) == (3000, 0.5, True)
    second, fresh = figures.noted()
    assert (fresh, second.frames, second.bits) == (0, 0, 0)
