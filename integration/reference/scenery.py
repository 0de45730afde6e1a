"""The street of the test picture, as seen from a porch, with two cars and a walker, by daylight and at night."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Color = tuple[int, int, int]
Place = tuple[float, float]


class Pen:
    def __init__(self, width: float, height: float, scale: float, ground: tuple[int, ...]) -> None:
        self.scale = scale * 2
        size = (round(width * self.scale), round(height * self.scale))
        self.picture = Image.new("RGBA" if len(ground) == 4 else "RGB", size, ground)
        self.drawing = ImageDraw.Draw(self.picture)

    def box(self, left: float, top: float, width: float, height: float, color: tuple[int, ...]) -> None:
        self.shape([(left, top), (left + width, top), (left + width, top + height), (left, top + height)], color)

    def shape(self, corners: Sequence[Place], color: tuple[int, ...]) -> None:
        self.drawing.polygon([(x * self.scale, y * self.scale) for x, y in corners], fill=color)

    def line(self, places: Sequence[Place], width: float, color: tuple[int, ...]) -> None:
        drawn = [(x * self.scale, y * self.scale) for x, y in places]
        self.drawing.line(drawn, fill=color, width=max(1, round(width * self.scale)), joint="curve")
        if width > 2:
            for x, y in (places[0], places[-1]):
                self.oval(x - width / 2, y - width / 2, width, width, color)

    def oval(self, left: float, top: float, width: float, height: float, color: tuple[int, ...]) -> None:
        box = [each * self.scale for each in (left, top, left + width, top + height)]
        self.drawing.ellipse(box, fill=color)

    def drawn(self) -> Image.Image:
        return self.picture.reduce(2)


def toned(color: Color, by: float) -> Color:
    red, green, blue = (max(0, min(255, round(each + by))) for each in color)
    return red, green, blue


WIDTH, HEIGHT = 1280, 720
FAR_CURB, NEAR_CURB = 446, 548
"""Top and bottom of the road."""
POST_WIDTH = 80

SUNRISE, SUNSET = 6.4, 18.2
"""Hours of the day. Dawn and dusk take the hour around each."""

NIGHT: Final = (46, 58, 92)


def darkness(at: datetime) -> float:
    """Return how dark it is at a time of day: 0 by daylight, 1 at night."""
    hour = at.hour + at.minute / 60
    after_sunrise, before_sunset = hour - SUNRISE, SUNSET - hour
    return min(1.0, max(0.0, 0.5 - min(after_sunrise, before_sunset)))


@dataclass(frozen=True, slots=True)
class House:
    """A house across the street, in pixels at full size. lit: its windows are lit at night."""

    left: float
    width: float
    wall: Color
    roof: Color
    door: Color
    has_gable: bool
    lit: bool


HOUSES: Final = [
    House(-60, 300, (198, 205, 196), (96, 88, 86), (122, 52, 44), has_gable=True, lit=True),
    House(300, 330, (226, 214, 186), (116, 74, 58), (52, 78, 98), has_gable=False, lit=False),
    House(700, 280, (164, 182, 194), (74, 80, 90), (146, 96, 44), has_gable=True, lit=True),
    House(1040, 320, (190, 120, 96), (92, 84, 80), (44, 70, 58), has_gable=False, lit=True),
]
GROUND: Final = 404

Window = tuple[float, float, float, float]


@dataclass
class Street:
    pen: Pen
    chance: random.Random = field(default_factory=lambda: random.Random(20))  # noqa: S311  (draws leaves)
    windows: list[Window] = field(default_factory=list)

    def draw(self) -> None:
        self._sky()
        for x in range(-30, WIDTH + 60, 74):
            self._leaves(x, 300 - self.chance.uniform(0, 36), 62, 74, (92, 122, 92))
        self._ground()
        for house in HOUSES:
            self._house(house)
        for x, size in ((268, 64), (660, 78), (1012, 60)):
            self._tree(x, 428, size)
        self._lamp(868)
        self._rail()

    def _sky(self) -> None:
        for y in range(0, 330, 2):
            share = y / 330
            self.pen.box(0, y, WIDTH, 3, (int(128 + 96 * share), int(176 + 58 * share), int(222 + 22 * share)))

    def _ground(self) -> None:
        pen = self.pen
        pen.box(0, 350, WIDTH, 90, (122, 158, 92))
        self._grass(396, 428, (104, 142, 78), 260)
        pen.box(0, 426, WIDTH, 10, (198, 194, 184))
        pen.box(0, 436, WIDTH, 8, (108, 146, 82))
        pen.box(0, FAR_CURB - 3, WIDTH, 5, (176, 174, 168))
        for y in range(FAR_CURB + 2, NEAR_CURB):
            share = (y - FAR_CURB) / (NEAR_CURB - FAR_CURB)
            pen.box(0, y, WIDTH, 1.2, toned((98, 99, 102), 8 - 14 * share))
        for x in range(-20, WIDTH, 96):
            pen.shape([(x, 490), (x + 52, 490), (x + 54, 494), (x, 494)], (216, 186, 88))
        pen.line([(90, 470), (210, 476), (330, 472), (470, 480)], 1, (78, 79, 82))
        pen.line([(760, 520), (900, 514), (1010, 522)], 1.2, (80, 81, 84))
        pen.box(0, NEAR_CURB, WIDTH, 8, (186, 183, 176))
        pen.box(0, NEAR_CURB + 8, WIDTH, 164, (112, 152, 84))
        self._grass(NEAR_CURB + 10, 568, (94, 134, 70), 360)
        pen.box(0, 570, WIDTH, 36, (206, 202, 192))
        for x in range(-30, WIDTH + 100, 118):
            pen.line([(x + 14, 570), (x, 606)], 1.4, (172, 168, 158))
        self._grass(610, 716, (92, 134, 68), 900)
        pen.shape([(560, 606), (690, 606), (770, 720), (500, 720)], (200, 195, 185))
        pen.line([(538, 640), (714, 640)], 1.4, (168, 164, 154))
        pen.line([(512, 690), (744, 690)], 1.6, (168, 164, 154))

    def _grass(self, top: float, bottom: float, color: Color, count: int) -> None:
        for _blade in range(count):
            x, y = self.chance.uniform(0, WIDTH), self.chance.uniform(top, bottom)
            length = (y - 380) / 30
            told = toned(color, self.chance.uniform(-12, 22))
            self.pen.line([(x, y), (x + self.chance.uniform(-2, 2), y - length)], 1, told)

    def _house(self, house: House) -> None:
        pen, left, right = self.pen, house.left, house.left + house.width
        top = GROUND - 104
        pen.oval(left - 20, GROUND - 8, house.width + 60, 22, (92, 124, 74))
        pen.box(left, top, house.width, 104, house.wall)
        for y in range(int(top) + 6, GROUND - 8, 7):
            pen.line([(left, y), (right, y)], 0.9, toned(house.wall, -16))
        pen.box(left, GROUND - 9, house.width, 9, (142, 132, 124))
        self._roof(house, top)
        middle = left + house.width / 2
        self._window(left + 24, top + 26, house.lit)
        self._window(right - 66, top + 26, lit=False)
        self._porch(house, middle)
        for x in range(int(left) + 22, int(right) - 10, 27):
            if abs(x - middle) > 76:
                self._leaves(x, GROUND - 10, 15, 13, (78, 112, 64))

    def _roof(self, house: House, top: float) -> None:
        pen, left, right = self.pen, house.left - 16, house.left + house.width + 16
        middle = (left + right) / 2
        if house.has_gable:
            pen.shape([(left, top + 6), (middle, top - 84), (right, top + 6)], house.roof)
            pen.shape([(left + 26, top), (middle, top - 68), (right - 26, top)], toned(house.wall, 8))
            self._window(middle - 16, top - 42, lit=house.lit, width=32, height=28)
            pen.line([(left, top + 6), (middle, top - 84), (right, top + 6)], 5, (236, 234, 228))
            return
        pen.box(right - 92, top - 92, 22, 60, (134, 84, 70))
        pen.shape([(left, top + 4), (left + 44, top - 74), (right - 44, top - 74), (right, top + 4)], house.roof)
        for y in range(int(top) - 66, int(top), 8):
            inset = 44 * (top - y) / 78
            pen.line([(left + inset + 2, y), (right - inset - 2, y)], 0.9, toned(house.roof, -10))
        pen.box(left, top + 1, right - left, 6, (236, 234, 228))

    def _window(self, left: float, top: float, lit: bool, width: float = 42, height: float = 46) -> None:
        pen = self.pen
        pen.box(left - 4, top - 4, width + 8, height + 9, (240, 238, 232))
        pen.box(left, top, width, height, (92, 112, 128))
        pen.shape([(left, top), (left + width * 0.6, top), (left, top + height * 0.8)], (132, 156, 172))
        pen.box(left + width / 2 - 1.5, top, 3, height, (240, 238, 232))
        pen.box(left, top + height / 2 - 1.5, width, 3, (240, 238, 232))
        if lit:
            self.windows.append((left, top, width, height))

    def _porch(self, house: House, middle: float) -> None:
        pen, width, top = self.pen, 112, GROUND - 88
        pen.box(middle - width / 2, top, width, 78, toned(house.wall, -42))
        pen.box(middle - 15, GROUND - 66, 30, 56, (232, 230, 224))
        pen.box(middle - 12, GROUND - 63, 24, 53, house.door)
        pen.oval(middle + 6, GROUND - 38, 3.4, 3.4, (216, 190, 120))
        pen.box(middle - width / 2 - 6, GROUND - 12, width + 12, 12, (168, 160, 150))
        pen.shape(
            [(middle - width / 2 - 14, top + 2), (middle, top - 34), (middle + width / 2 + 14, top + 2)],
            toned(house.roof, 10),
        )
        pen.box(middle - width / 2 - 14, top, width + 28, 7, (240, 238, 232))
        for x in (middle - width / 2, middle + width / 2 - 8):
            pen.box(x, top + 7, 8, GROUND - top - 18, (240, 238, 232))
        pen.shape(
            [(middle - 16, GROUND), (middle + 16, GROUND), (middle + 24, GROUND + 22), (middle - 24, GROUND + 22)],
            (202, 197, 188),
        )

    def _tree(self, x: float, ground: float, size: float) -> None:
        pen = self.pen
        pen.oval(x - size * 1.1, ground - 6, size * 2.4, 14, (78, 110, 62))
        pen.shape(
            [(x - size * 0.09, ground - size * 1.5), (x + size * 0.09, ground - size * 1.5),
             (x + size * 0.14, ground), (x - size * 0.14, ground)], (92, 74, 58),
        )  # fmt: skip
        pen.line([(x, ground - size * 1.1), (x + size * 0.4, ground - size * 1.6)], size * 0.07, (92, 74, 58))
        self._leaves(x, ground - size * 1.95, size, size * 0.95)

    def _leaves(self, x: float, y: float, across: float, up: float, color: Color = (84, 124, 66)) -> None:
        chance, size = self.chance, min(across, up)
        for step in range(11):
            turn, out = step * math.tau / 11, chance.uniform(0.5, 0.62)
            radius = size * chance.uniform(0.4, 0.52)
            left, top = x + math.cos(turn) * across * out - radius, y + math.sin(turn) * up * out - radius
            self.pen.oval(left, top, radius * 2, radius * 2, toned(color, -34))
        self.pen.oval(x - across * 0.7, y - up * 0.7, across * 1.4, up * 1.4, toned(color, -34))
        for _leaf in range(round(across * 4)):
            turn, out = chance.uniform(0, math.tau), math.sqrt(chance.uniform(0, 1)) * 0.98
            right, down = math.cos(turn) * out, math.sin(turn) * out
            radius = size * chance.uniform(0.06, 0.13)
            tone = -30 * (right * 0.5 + down) + chance.uniform(-14, 14)
            left, top = x + right * across - radius, y + down * up - radius
            self.pen.oval(left, top, radius * 2, radius * 1.6, toned(color, tone))

    def _lamp(self, x: float) -> None:
        self.pen.line([(x, 440), (x, 214)], 4.4, (88, 88, 90))
        self.pen.line([(x, 218), (x - 16, 204), (x - 58, 200)], 3.4, (88, 88, 90))
        self.pen.shape([(x - 76, 198), (x - 48, 198), (x - 52, 207), (x - 72, 207)], (74, 74, 76))

    def _rail(self) -> None:
        pen = self.pen
        pen.box(0, 0, WIDTH, 40, (58, 56, 54))
        pen.box(0, 40, WIDTH, 8, (226, 224, 218))
        pen.box(0, 48, WIDTH, 3, (150, 150, 148))
        for left, right in ((0, 452), (822, WIDTH)):
            for x in range(left + 14, right, 34):
                pen.box(x, 664, 12, 56, (226, 224, 218))
                pen.box(x + 9, 664, 3, 56, (186, 186, 182))
            pen.box(left, 648, right - left, 18, (238, 236, 230))
            pen.box(left, 662, right - left, 4, (186, 186, 182))
        for x in (448, 806):
            pen.box(x, 628, 26, 92, (238, 236, 230))
            pen.box(x + 19, 628, 7, 92, (192, 192, 188))
            pen.box(x - 4, 620, 34, 9, (226, 224, 218))


def post(scale: float) -> Image.Image:
    pen = Pen(POST_WIDTH, HEIGHT, scale, (0, 0, 0, 0))
    pen.box(12, 40, 56, HEIGHT, (238, 236, 230, 255))
    pen.box(52, 40, 16, HEIGHT, (192, 192, 188, 255))
    pen.box(4, 40, 72, 22, (226, 224, 218, 255))
    pen.box(4, 62, 72, 4, (170, 170, 166, 255))
    return pen.drawn()


def street(scale: float, dark: float) -> Image.Image:
    """Return the street without moving parts. scale: 1 for 1280 by 720. dark: from 0 to 1."""
    made = Street(Pen(WIDTH, HEIGHT, scale, (0, 0, 0)))
    made.draw()
    by_day = made.pen.drawn()
    return by_day if dark == 0 else _at_night(by_day, made.windows, scale, dark)


def shaded(picture: Image.Image, dark: float, more: float = 1.0) -> Image.Image:
    """Return a moving part as it looks in the dark. more: its brightness compared to its surroundings."""
    share = [int(255 - (255 - min(255, each * more)) * dark) for each in NIGHT]
    dim = ImageChops.multiply(picture.convert("RGB"), Image.new("RGB", picture.size, tuple(share)))
    dim.putalpha(picture.getchannel("A"))
    return dim


def _at_night(by_day: Image.Image, windows: Sequence[Window], scale: float, dark: float) -> Image.Image:
    around = tuple(int(255 - (255 - each) * dark) for each in NIGHT)
    light, glow = Pen(WIDTH, HEIGHT, scale, around), Pen(WIDTH, HEIGHT, scale, (0, 0, 0))
    pools = Pen(WIDTH, HEIGHT, scale, (0, 0, 0))
    pools.shape([(780, 206), (836, 206), (1010, 540), (560, 540)], (40, 34, 22))
    pools.oval(520, 424, 560, 110, (150, 124, 76))
    pools.oval(640, 440, 320, 70, (96, 82, 52))
    for left, top, width, height in windows:
        glow.box(left, top, width, height, (238, 186, 98))
        pools.oval(left - 50, top - 40, width + 100, height + 120, (72, 54, 26))
    glow.oval(784, 203, 40, 10, (255, 240, 200))
    pools.oval(480, 560, 320, 190, (92, 78, 52))
    soft = pools.drawn().filter(ImageFilter.GaussianBlur(26 * scale))
    lit = ImageChops.add(light.drawn(), _by(soft, dark))
    shine = glow.drawn()
    halo = shine.filter(ImageFilter.GaussianBlur(14 * scale))
    dim = ImageChops.multiply(by_day, lit)
    return ImageChops.screen(ImageChops.screen(dim, _by(halo, dark)), _by(shine, dark * 0.9))


def _by(picture: Image.Image, share: float) -> Image.Image:
    return picture.point([int(value * share) for value in range(256)] * 3)


CAR_WIDTH, CAR_HEIGHT = 480, 120
"""Size of a car on the near lane, with the reach of its headlights."""

WALKER_WIDTH, WALKER_HEIGHT = 88, 136
PHASES: Final = 8
"""Pictures of one pace of the walker."""

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
    """Return a rounded outline: every corner is cut off twice (Chaikin)."""
    told = list(corners)
    for _cut in range(2):
        ends = zip(told, told[1:] + told[:1], strict=True)
        told = [(a[0] * far + b[0] * (1 - far), a[1] * far + b[1] * (1 - far)) for a, b in ends for far in (0.75, 0.25)]
    return told
