"""Pen of the test picture: it draws twice as large as needed and reduces the result, so that edges are smooth."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

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
