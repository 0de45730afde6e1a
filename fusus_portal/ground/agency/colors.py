"""Color contrast (WCAG 2.2, 1.4.3 and 1.4.11)."""

from typing import Final

WHITE: Final = "#ffffff"
COLOR: Final = r"^#[0-9a-fA-F]{6}$"

TEXT_CONTRAST: Final = 4.5
"""Least contrast of text and its background."""

LINE_CONTRAST: Final = 3.0
"""Least contrast of lines and shapes with a meaning."""

TINT = 0.12
"""Share of the main color in the pale background of tables and boxes (assets/scss/_colors.scss)."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors written #rrggbb, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tint(color: str) -> str:
    return "#" + "".join(f"{round(TINT * part + (1 - TINT) * 255):02x}" for part in _parts(color))


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
