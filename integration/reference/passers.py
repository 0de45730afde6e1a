"""Moving parts of the test picture: two cars and a walker, in units of the street (scenery)."""

import math
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageFilter, ImageOps

from integration.reference.pen import Color, Pen, Place
from integration.reference.scenery import shaded

CAR_WIDTH, CAR_HEIGHT = 480, 120
"""Of a car on the near lane, with the reach of its headlights."""

WALKER_WIDTH, WALKER_HEIGHT = 88, 136
PHASES: Final = 8
"""Pictures of one pace of each leg."""

_BODY: Final = [(12, 86), (11, 66), (17, 53), (60, 47), (90, 22), (112, 14), (150, 13), (172, 22), (204, 46),
                (244, 53), (258, 64), (261, 84), (252, 91), (20, 91)]  # fmt: skip
_WINDOWS: Final = [
    [(72, 46), (95, 25), (122, 19), (122, 46)],
    [(128, 46), (128, 19), (149, 19), (164, 25), (190, 46)],
]
_GLASS: Final = (58, 74, 88, 255)
_SHIRT, _TROUSERS, _SKIN = (148, 58, 52, 255), (52, 60, 84, 255), (206, 160, 128, 255)


def car(scale: float, color: Color, dark: float, *, to_left: bool = False) -> Image.Image:
    pen = Pen(CAR_WIDTH, CAR_HEIGHT, scale, (0, 0, 0, 0))
    pen.oval(6, 92, 262, 16, (20, 22, 26, 120))
    pen.shape(_smooth(_BODY), (*color, 255))
    pen.shape(
        [(11, 70), (260, 70), (261, 84), (252, 91), (20, 91), (12, 86)], (*(each * 3 // 4 for each in color), 255)
    )
    for window in _WINDOWS:
        pen.shape(window, _GLASS)
        (left, bottom), (top_left, top), *_ = window
        pen.shape([(left + 4, bottom), (top_left + 3, top + 1), (top_left + 16, top + 1), (left + 17, bottom)],
                  (104, 124, 138, 255))  # fmt: skip
    for x in (70, 125, 194):
        pen.line([(x, 50), (x - 1, 84)], 1.2, (30, 32, 36, 160))
    for x in (112, 178):
        pen.box(x, 55, 11, 2.6, (220, 222, 224, 255))
    pen.shape([(243, 56), (256, 63), (257, 69), (246, 66)], (250, 246, 226, 255))
    pen.box(11, 58, 7, 10, (176, 34, 30, 255))
    for x in (62, 210):
        pen.oval(x - 22, 62, 44, 40, (24, 26, 30, 255))
        pen.oval(x - 19, 64, 38, 38, (34, 36, 40, 255))
        pen.oval(x - 11, 72, 22, 22, (168, 172, 178, 255))
        pen.oval(x - 4, 79, 8, 8, (92, 96, 102, 255))
    made = shaded(pen.drawn(), dark, 1.9)
    if dark > 0.3:
        made = Image.alpha_composite(made, _lights(scale, dark))
    return ImageOps.mirror(made) if to_left else made


def walker(scale: float, phase: int, dark: float) -> Image.Image:
    pen = Pen(WALKER_WIDTH, WALKER_HEIGHT, scale, (0, 0, 0, 0))
    turn = phase * math.tau / PHASES
    sway = 1.6 * math.cos(2 * turn)
    hip, neck = (44.0, 70.0 + sway), (47.0, 34.0 + sway)
    pen.oval(20, 124, 52, 9, (20, 22, 26, 110))
    _arm(pen, neck, -turn, (118, 44, 40, 255))
    _leg(pen, hip, turn + math.pi, (42, 48, 68, 255))
    _leg(pen, hip, turn, _TROUSERS)
    pen.shape([(33, 34 + sway), (58, 34 + sway), (55, 76 + sway), (35, 76 + sway)], _SHIRT)
    pen.oval(33, 27 + sway, 25, 20, _SHIRT)
    pen.shape([(26, 36 + sway), (36, 34 + sway), (36, 64 + sway), (27, 62 + sway)], (64, 72, 60, 255))
    _arm(pen, neck, turn + math.pi, (160, 66, 60, 255))
    pen.box(43, 22 + sway, 9, 10, _SKIN)
    pen.oval(37, 4 + sway, 22, 24, _SKIN)
    pen.oval(35, 1 + sway, 24, 16, (58, 44, 36, 255))
    pen.box(50, 9 + sway, 12, 4, (58, 44, 36, 255))
    return ImageOps.mirror(shaded(pen.drawn(), dark, 2.6))


def _leg(pen: Pen, hip: Place, turn: float, color: tuple[int, ...]) -> None:
    forward = 0.5 * math.sin(turn)
    bend = 0.2 + 0.75 * max(0.0, math.cos(turn))
    knee = (hip[0] + 28 * math.sin(forward), hip[1] + 28 * math.cos(forward))
    foot = (knee[0] + 28 * math.sin(forward - bend), knee[1] + 28 * math.cos(forward - bend))
    pen.line([hip, knee, foot], 10, color)
    pen.line([foot, (foot[0] + 10, foot[1] + 1)], 6, (40, 38, 40, 255))


def _arm(pen: Pen, neck: Place, turn: float, color: tuple[int, ...]) -> None:
    forward = 0.5 * math.sin(turn)
    elbow = (neck[0] + 20 * math.sin(forward), neck[1] + 20 * math.cos(forward))
    hand = (elbow[0] + 19 * math.sin(forward + 0.4), elbow[1] + 19 * math.cos(forward + 0.4))
    pen.line([neck, elbow, hand], 7, color)
    pen.oval(hand[0] - 4, hand[1] - 4, 8, 8, _SKIN)


def _lights(scale: float, dark: float) -> Image.Image:
    pen = Pen(CAR_WIDTH, CAR_HEIGHT, scale, (255, 236, 180, 0))
    strong = round(150 * dark)
    pen.shape([(252, 62), (440, 74), (440, 112), (262, 96)], (255, 236, 180, strong // 3))
    pen.oval(270, 88, 190, 20, (255, 236, 180, strong // 2))
    beam = pen.drawn().filter(ImageFilter.GaussianBlur(9 * scale))
    lamps = Pen(CAR_WIDTH, CAR_HEIGHT, scale, (0, 0, 0, 0))
    lamps.oval(244, 57, 13, 10, (255, 250, 224, round(255 * dark)))
    lamps.box(9, 57, 9, 12, (255, 60, 48, round(255 * dark)))
    return Image.alpha_composite(beam, lamps.drawn())


def _smooth(corners: Sequence[Place]) -> list[Place]:
    """Return a rounded outline: each corner is cut twice (Chaikin)."""
    told = list(corners)
    for _cut in range(2):
        ends = zip(told, told[1:] + told[:1], strict=True)
        told = [(a[0] * far + b[0] * (1 - far), a[1] * far + b[1] * (1 - far)) for a, b in ends for far in (0.75, 0.25)]
    return told
