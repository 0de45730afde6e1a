"""Screens that people hold or sit at. Sizes are CSS pixels."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """One screen. touch: fingers instead of a mouse."""

    name: str
    width: int
    height: int
    touch: bool = False


PHONE = Size("phone", 360, 780, touch=True)
DESKTOP = Size("desktop", 1280, 900)
HANDHELD = Size("handheld", 390, 844, touch=True)
TABLET = Size("tablet", 820, 1180, touch=True)
WIDE = Size("wide", 1600, 900)
NARROWEST = Size("narrowest", 320, 640, touch=True)
"""WCAG 1.4.10 wants every page to fit this width."""
